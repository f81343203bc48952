import { Body, Controller, Get, Post } from "@nestjs/common";
import { definePipeline, jsonSchema, type StreamEvent, step } from "@signalbox/core";
import { type ScriptedProvider, scriptedProvider } from "@signalbox/core/testing";
import { map, of } from "rxjs";
import { describe, expect, test } from "vitest";
import { ChatStream, InjectLLM, type LLMService, LLMTestingModule } from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { post, serverSentEvents, streamEvents } from "./http.js";

const Title = jsonSchema<{ title: string }>({
  type: "object",
  properties: { title: { type: "string" } },
  required: ["title"],
});

const deck = definePipeline<string>("deck", [
  step("outline", async ({ input, llm }) => (await llm.generate({ prompt: input })).text),
]);

@Controller()
class ChatController {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Post("stream")
  @ChatStream()
  stream(@Body("prompt") prompt: string) {
    return this.llm.client.stream({ prompt });
  }

  @Post("promise")
  @ChatStream()
  async promise(@Body("prompt") prompt: string) {
    return this.llm.client.stream({ prompt });
  }

  @Post("structured")
  @ChatStream()
  structured(@Body("prompt") prompt: string) {
    return this.llm.client.streamStructured({ prompt, schema: Title });
  }

  @Post("text$")
  @ChatStream()
  text$(@Body("prompt") prompt: string) {
    return this.llm.text$({ prompt });
  }

  @Post("events$")
  @ChatStream()
  async events$(@Body("prompt") prompt: string) {
    return this.llm.events$({ prompt });
  }

  @Post("partials$")
  @ChatStream()
  partials$(@Body("prompt") prompt: string) {
    return this.llm.partials$({ prompt, schema: Title });
  }

  @Post("steps$")
  @ChatStream()
  steps$(@Body("prompt") prompt: string) {
    return this.llm.steps$(deck, prompt);
  }

  @Post("mapped$")
  @ChatStream()
  mapped$(@Body("prompt") prompt: string) {
    return this.llm.text$({ prompt }).pipe(map((text) => text.toUpperCase()));
  }

  @Post("mapped-events$")
  @ChatStream()
  mappedEvents$(@Body("prompt") prompt: string) {
    const upper = (event: StreamEvent) =>
      event.type === "text-delta" ? { ...event, text: event.text.toUpperCase() } : event;
    return this.llm.events$({ prompt }).pipe(map(upper));
  }

  @Post("objects$")
  @ChatStream()
  objects$() {
    return of({ n: 1 }, { n: 2 });
  }

  @Post("generator")
  @ChatStream()
  async *generator() {
    yield "one ";
    yield "two";
  }

  @Post("json")
  @ChatStream()
  async json(@Body("prompt") prompt: string) {
    const { text } = await this.llm.generate({ prompt });
    return { text };
  }

  @Post("openai")
  @ChatStream({ format: "openai" })
  openai(@Body("prompt") prompt: string) {
    return this.llm.events$({ prompt });
  }

  @Post("ui-message")
  @ChatStream({ format: "ui-message" })
  uiMessage(@Body("prompt") prompt: string) {
    return this.llm.events$({ prompt });
  }

  @Post("ndjson")
  @ChatStream({ format: "ndjson" })
  ndjson(@Body("prompt") prompt: string) {
    return this.llm.events$({ prompt });
  }

  @Post("text")
  @ChatStream({ format: "text" })
  text(@Body("prompt") prompt: string) {
    return this.llm.text$({ prompt });
  }

  @Get("get")
  @ChatStream({ format: "text" })
  get() {
    return this.llm.text$({ prompt: "hi" });
  }
}

async function asked(
  platform: Platform,
  path: string,
  provider: ScriptedProvider = scriptedProvider(["one two three"]),
) {
  const imports = [LLMTestingModule.forRoot({ provider })];
  const { url } = await start(platform, { imports, controllers: [ChatController] });
  const response = await post(`${url}/${path}`, { prompt: "hi" });
  return { response, text: await response.text(), provider };
}

const textOf = (events: { type?: string }[]) =>
  events.flatMap((event) => (event.type === "text-delta" ? [(event as { text?: string }).text] : [])).join("");

describe.each(platforms)("on %s, a handler returns", (platform) => {
  test.each(["stream", "promise", "events$"])("%s: every event, the result, [DONE]", async (path) => {
    const { response, text } = await asked(platform, path);
    const { events, done } = streamEvents(text);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(textOf(events)).toBe("one two three");
    expect(events[0]?.type).toBe("start");
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "one two three", finishReason: "stop" } });
    expect(done).toBe(true);
  });

  test("structured: the validated object stands in the result", async () => {
    const { text } = await asked(platform, "structured", scriptedProvider([{ object: { title: "T" } }]));
    const { events, done } = streamEvents(text);
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { object: { title: "T" } } });
    expect(done).toBe(true);
  });

  test("text$: the text and nothing else", async () => {
    const { text } = await asked(
      platform,
      "text$",
      scriptedProvider([{ text: "one two", reasoning: "secret thoughts" }]),
    );
    const { events, done } = streamEvents(text);
    expect(textOf(events)).toBe("one two");
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(["text-delta"]));
    expect(text).not.toContain("secret");
    expect(done).toBe(true);
  });

  test("partials$: growing objects", async () => {
    const { text } = await asked(platform, "partials$", scriptedProvider([{ object: { title: "A long title" } }]));
    const { events, done } = streamEvents(text);
    expect(events.length).toBeGreaterThan(1);
    expect(events.at(-1)).toEqual({ title: "A long title" });
    expect(done).toBe(true);
  });

  test("S16 steps$: step events with their seq as id", async () => {
    const { text } = await asked(platform, "steps$");
    const events = serverSentEvents(text);
    expect(events.at(-1)?.data).toBe("[DONE]");
    const steps = events.slice(0, -1).map(({ id, data }) => ({ id, event: JSON.parse(data ?? "") }));
    expect(steps.map(({ id }) => id)).toEqual(steps.map(({ event }) => String(event.seq)));
    expect(steps.at(-1)?.event).toMatchObject({
      step: "outline",
      status: "completed",
      data: "one two three",
      progress: 100,
    });
  });

  test("mapped text: changed strings", async () => {
    const { text } = await asked(platform, "mapped$");
    expect(textOf(streamEvents(text).events)).toBe("ONE TWO THREE");
  });

  test("mapped events: changed events, finish included", async () => {
    const { text } = await asked(platform, "mapped-events$");
    const { events } = streamEvents(text);
    expect(textOf(events)).toBe("ONE TWO THREE");
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "one two three" } });
  });

  test("an Observable of objects: one event each", async () => {
    const { text } = await asked(platform, "objects$");
    expect(streamEvents(text)).toEqual({ events: [{ n: 1 }, { n: 2 }], done: true });
  });

  test("an async generator of strings", async () => {
    const { text } = await asked(platform, "generator");
    expect(textOf(streamEvents(text).events)).toBe("one two");
  });

  test("anything else: JSON, as always", async () => {
    const { response, text } = await asked(platform, "json");
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(JSON.parse(text)).toEqual({ text: "one two three" });
  });
});

describe.each(platforms)("on %s, the format", (platform) => {
  test("openai: chunks as OpenAI sends them", async () => {
    const { text } = await asked(platform, "openai");
    const { events, done } = streamEvents(text);
    const chunks = events as unknown as { object: string; choices: { delta: { content?: string } }[] }[];
    expect(new Set(chunks.map(({ object }) => object))).toEqual(new Set(["chat.completion.chunk"]));
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("one two three");
    expect(done).toBe(true);
  });

  test("ui-message: the parts of useChat", async () => {
    const { response, text } = await asked(platform, "ui-message");
    const types = streamEvents(text).events.map(({ type }) => type);
    expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
    expect(types[0]).toBe("start");
    expect(types).toContain("text-delta");
    expect(types.at(-1)).toBe("finish");
  });

  test("ndjson: one event a line", async () => {
    const { response, text } = await asked(platform, "ndjson");
    const events = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(response.headers.get("content-type")).toMatch(/^application\/x-ndjson/);
    expect(textOf(events)).toBe("one two three");
    expect(events.at(-1)?.type).toBe("finish");
  });

  test("text: the raw text", async () => {
    const { response, text } = await asked(platform, "text");
    expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(text).toBe("one two three");
  });

  test("GET streams as POST does", async () => {
    const provider = scriptedProvider(["got it"]);
    const { url } = await start(platform, {
      imports: [LLMTestingModule.forRoot({ provider })],
      controllers: [ChatController],
    });
    expect(await (await fetch(`${url}/get`)).text()).toBe("got it");
    expect(provider.requests).toHaveLength(1);
  });
});
