import { once } from "node:events";
import { Controller, Get, Param, Query, Sse } from "@nestjs/common";
import { definePipeline, step } from "@signalbox/core";
import { startSimulator } from "@signalbox/testing";
import type { Observable } from "rxjs";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  ChatStream,
  type FrameworkRequest,
  InjectLLM,
  LLMModule,
  type LLMService,
  shareRun,
  toMessageEvents,
} from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { heldProvider } from "./held-provider.js";
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

@Controller()
class ShowController {
  #begun: Observable<string> | undefined;

  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Sse("sse")
  sse() {
    return this.#shared().pipe(toMessageEvents());
  }

  @Get("chat-stream")
  @ChatStream()
  stream() {
    return this.#shared();
  }

  #shared(): Observable<string> {
    this.#begun ??= this.llm.text$({ prompt: "hi" }).pipe(shareRun());
    return this.#begun;
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
    expect(messages.map(({ event }) => event)).toEqual(["error", undefined]);
    expect(messages.at(-1)).toMatchObject({ data: "[DONE]" });
    expect(JSON.parse(messages[0]?.data ?? "")).toMatchObject({ type: "error", error: { code: "authentication" } });
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

/** An answer that is read on until it holds `word`, or to its end. */
async function viewer(answer: Response) {
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  const until = async (word: string) => {
    let text = "";
    for (let turn = await reader.read(); !turn.done; turn = await reader.read()) {
      text += turn.value;
      if (text.includes(word)) break;
    }
    return text;
  };
  return { until, leave: () => reader.cancel() };
}

describe.each(platforms)("S31 on %s, a shared run over HTTP", (platform) => {
  test.each(["sse", "chat-stream"])(
    "goes on when its first viewer leaves, and stops with the last (%s)",
    async (path) => {
      const provider = heldProvider();
      const { url } = await start(platform, {
        imports: [LLMModule.forRoot({ provider, env: false, retry: false })],
        controllers: [ShowController],
      });
      const asked = fetch(`${url}/${path}`);
      await provider.calls(1);
      provider.say("one");
      const first = await viewer(await asked);
      const second = await viewer(await fetch(`${url}/${path}`));
      expect(await first.until("one")).toContain("one");
      expect(await second.until("one")).toContain("one");
      await first.leave();
      const third = await viewer(await fetch(`${url}/${path}`));
      await third.until("one");
      provider.say("two");
      expect(await second.until("two")).toContain("two");
      expect(await third.until("two")).toContain("two");
      const [signal] = provider.signals as [AbortSignal];
      expect(signal.aborted).toBe(false);
      await third.leave();
      const aborted = once(signal, "abort");
      await second.leave();
      await aborted;
      expect(provider.signals).toHaveLength(1);
    },
  );

  test.each(["sse", "chat-stream"])("is asked for once, and charged to whom it was made for (%s)", async (path) => {
    const openrouter = await startSimulator();
    onTestFinished(() => openrouter.close());
    const scope = ({ headers }: FrameworkRequest) => ({ user: headers["x-user"] as string });
    const client = { apiKey: "sk-or-test", baseURL: openrouter.baseURL, model: "openai/gpt-4o-mini" };
    const imports = [LLMModule.forRoot({ ...client, scope, env: false })];
    const { url } = await start(platform, { imports, controllers: [ShowController] });
    const seen: string[] = [];
    for (const user of ["ann", "bob"])
      seen.push(await (await fetch(`${url}/${path}`, { headers: { "x-user": user } })).text());
    expect(seen[0]).toContain("data:");
    expect(openrouter.requests.map(({ json }) => json.user)).toEqual(["ann"]);
  });
});
