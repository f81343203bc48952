import { Controller, Param, Query, Sse } from "@nestjs/common";
import { definePipeline, step } from "@signalbox/core";
import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { InjectLLM, LLMModule, type LLMService, toMessageEvents } from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { serverSentEvents, streamEvents } from "./http.js";

const deck = definePipeline<string>("deck", [
  step("outline", async ({ input, llm }) => (await llm.generate({ prompt: `outline of ${input}` })).text),
]);

@Controller()
class SseController {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Sse("chat")
  chat(@Query("prompt") prompt: string) {
    return this.llm.events$({ prompt }).pipe(toMessageEvents());
  }

  @Sse("decks/:topic")
  deck(@Param("topic") topic: string) {
    return this.llm.steps$(deck, topic).pipe(toMessageEvents());
  }
}

async function applicationOn(platform: Platform) {
  const openrouter = await startSimulator();
  onTestFinished(() => openrouter.close());
  const { baseURL } = openrouter;
  const options = {
    apiKey: "sk-or-secret",
    baseURL,
    model: "openai/gpt-4o-mini",
    env: false as const,
    retry: false as const,
  };
  const { url } = await start(platform, { imports: [LLMModule.forRoot(options)], controllers: [SseController] });
  return { url, openrouter };
}

describe.each(platforms)("on %s, Nest's own @Sse()", (platform) => {
  test("gives the events as @ChatStream() would, and [DONE]", async () => {
    const { url, openrouter } = await applicationOn(platform);
    openrouter.reply("one two three");
    const answer = await fetch(`${url}/chat?prompt=hi`);
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    const text = await answer.text();
    const { events, done } = streamEvents(text);
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "one two three" } });
    expect(done).toBe(true);
    expect(text).not.toContain('"raw":');
  });

  test("numbers the events of a run by their seq", async () => {
    const { url } = await applicationOn(platform);
    const messages = serverSentEvents(await (await fetch(`${url}/decks/tea`)).text());
    const numbered = messages.filter(({ data }) => data !== "[DONE]");
    expect(numbered.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(numbered.map(({ data }) => JSON.parse(data ?? "").seq)).toEqual([1, 2]);
  });

  test("tells a failure as one publicly worded error event", async () => {
    const { url, openrouter } = await applicationOn(platform);
    openrouter.fault("401", { message: "secret-detail" });
    const messages = serverSentEvents(await (await fetch(`${url}/chat?prompt=hi`)).text());
    expect(messages.at(-1)).toMatchObject({ event: "error" });
    expect(JSON.parse(messages.at(-1)?.data ?? "")).toMatchObject({ type: "error", error: { code: "authentication" } });
    expect(JSON.stringify(messages)).not.toContain("secret");
  });

  test("closes upstream when its client leaves", async () => {
    const { url, openrouter } = await applicationOn(platform);
    openrouter.reply("one two three four five");
    openrouter.fault("stall", { after: 2 });
    const asked = openrouter.nextRequest();
    const answer = await fetch(`${url}/chat?prompt=hi`);
    const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; !text.includes(" two"); text += (await reader.read()).value);
    await reader.cancel();
    expect(await (await asked).closed).toMatchObject({ state: "closed-by-client", events: 2 });
  });
});
