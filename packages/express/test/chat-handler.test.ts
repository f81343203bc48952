import { type GenerateResult, LLMError } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { chatHandler, llmErrorHandler, llmMiddleware } from "../src/index.js";
import { scripted } from "./scripted-client.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";
import { readData, readEvents } from "./server-events.js";

describe("JSON", () => {
  test("holds the answer, its cost and a message for the history, and nothing of upstream", async () => {
    const simulator = await simulate();
    const { origin } = await serve((app) => {
      app.post("/chat", chatHandler({ client: clientOf(simulator) }));
    });
    const answer = await postJson(`${origin}/chat`, { prompt: "Signals and boxes" });
    const body = (await answer.json()) as Record<string, unknown>;
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(body).toMatchObject({
      finishReason: "stop",
      model: expect.stringContaining("gpt-4o-mini"),
      message: { role: "assistant", content: body.text },
      usage: { promptTokens: expect.any(Number) },
      cost: { usd: expect.any(Number) },
      generationId: expect.any(String),
      warnings: [],
      toolCalls: [],
    });
    expect(body.text).not.toBe("");
    for (const hidden of ["raw", "attempts", "steps", "newMessages", "resolvedModel"])
      expect(body).not.toHaveProperty(hidden);
    expect(body.usage).not.toHaveProperty("raw");
  });

  test("the message it gives can be sent back as it is", async () => {
    const { provider, client } = scripted("First.", "Second.");
    const { origin } = await serve((app) => {
      app.post("/chat", chatHandler({ client }));
    });
    const first = (await (await postJson(`${origin}/chat`, { prompt: "One?" })).json()) as { message: object };
    const messages = [{ role: "user", content: "One?" }, first.message, { role: "user", content: "Two?" }];
    const second = (await (await postJson(`${origin}/chat`, { messages })).json()) as { text: string };
    expect(second.text).toBe("Second.");
    expect(provider.requests[1]?.messages).toEqual(messages);
  });
});

describe("streams", () => {
  test.each([
    ["the body says so", { stream: true }, {}],
    ["Accept says so", {}, { accept: "text/event-stream" }],
  ])("when %s", async (_when, fields, headers) => {
    const { client } = scripted("one two three");
    const { origin } = await serve((app) => {
      app.post("/chat", chatHandler({ client }));
    });
    const answer = await postJson(`${origin}/chat`, { prompt: "Count", ...fields }, headers as Record<string, string>);
    const text = await answer.text();
    const events = readData(text);
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(
      events
        .filter(({ type }) => type === "text-delta")
        .map((event) => event.text)
        .join(""),
    ).toBe("one two three");
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "one two three" } });
    expect(readEvents(text).at(-1)?.data).toBe("[DONE]");
  });

  test.each([
    ["openai", "text/event-stream", '"object":"chat.completion.chunk"'],
    ["ui-message", "text/event-stream", '"type":"text-delta"'],
    ["ndjson", "application/x-ndjson", '{"type":"text-delta"'],
    ["text", "text/plain", "one two three"],
  ] as const)("in the format %s", async (format, contentType, part) => {
    const { client } = scripted("one two three");
    const { origin } = await serve((app) => {
      app.post("/chat", chatHandler({ client, format }));
    });
    const answer = await postJson(`${origin}/chat`, { prompt: "Count", stream: true });
    expect(answer.headers.get("content-type")).toContain(contentType);
    expect(await answer.text()).toContain(part);
  });
});

describe("the server's part", () => {
  test("wins over the body, and may be all there is", async () => {
    const { provider, client } = scripted("a", "b");
    const { origin } = await serve((app) => {
      app.post(
        "/chat",
        chatHandler({
          client,
          accept: ["temperature", "system"],
          request: async () => ({ system: "Be brief.", temperature: 0, model: undefined }),
        }),
      );
      app.get("/ask", chatHandler({ client, request: (req) => ({ prompt: String(req.query.q) }) }));
    });
    await postJson(`${origin}/chat`, { prompt: "Hi", temperature: 1.5, system: "Be rude." });
    expect(provider.requests[0]).toMatchObject({
      temperature: 0,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
      ],
    });
    const answer = await fetch(`${origin}/ask?q=Why`);
    expect(await answer.json()).toMatchObject({ text: "b" });
    expect(provider.requests[1]?.messages).toEqual([{ role: "user", content: "Why" }]);
  });

  test("sees the body it did not parse, and its question replaces the body's", async () => {
    const { provider, client } = scripted("a");
    const { origin } = await serve((app) => {
      app.post(
        "/chat",
        chatHandler({
          client,
          request: (req) => ({ messages: [{ role: "user", content: req.body.prompt.toUpperCase() }] }),
        }),
      );
    });
    const answer = await postJson(`${origin}/chat`, { prompt: "loud" });
    expect(answer.status).toBe(200);
    expect(provider.requests[0]?.messages).toEqual([{ role: "user", content: "LOUD" }]);
  });
});

test("headers that somebody has sent already keep no answer back", async () => {
  const { client } = scripted("fine", "fine");
  const { origin } = await serve((it) => {
    it.use((_req, res, next) => {
      res.setHeader("Content-Type", "application/json");
      res.flushHeaders();
      next();
    });
    it.post("/chat", chatHandler({ client })).use(llmErrorHandler());
  });
  const whole = await postJson(`${origin}/chat`, { prompt: "Hi" });
  expect(await whole.json()).toMatchObject({ text: "fine" });
  const stream = await postJson(`${origin}/chat`, { prompt: "Hi", stream: true });
  expect(await stream.text()).toMatch(/data: \[DONE\]\n\n$/);
});

describe("listeners", () => {
  test("hear of what ended well and of what did not", async () => {
    const { client } = scripted("fine", new Error("down"), { text: "half", error: new Error("cut") });
    const finished: GenerateResult[] = [];
    const failed: unknown[] = [];
    const { origin } = await serve((it) => {
      it.post(
        "/chat",
        chatHandler({ client, onFinish: (result) => finished.push(result), onError: (error) => failed.push(error) }),
      );
      it.use(llmErrorHandler());
    });
    await postJson(`${origin}/chat`, { prompt: "1" });
    expect(finished.map(({ text }) => text)).toEqual(["fine"]);
    const second = await postJson(`${origin}/chat`, { prompt: "2" });
    expect(second.status).toBe(502);
    expect(failed).toHaveLength(1);
    await (await postJson(`${origin}/chat`, { prompt: "3", stream: true })).text();
    expect(failed).toHaveLength(2);
    expect(failed.every((error) => LLMError.is(error))).toBe(true);
    expect(finished).toHaveLength(1);
  });

  test("that fail spoil nothing and are told as a warning", async () => {
    const { client } = scripted("fine");
    const warned = new Promise<Error & { code?: string }>((resolve) => process.once("warning", resolve));
    const { origin } = await serve((it) => {
      it.post(
        "/chat",
        chatHandler({
          client,
          onFinish: async () => {
            throw new Error("the database is away");
          },
        }),
      );
    });
    const answer = await postJson(`${origin}/chat`, { prompt: "1", stream: true });
    expect(readEvents(await answer.text()).at(-1)?.data).toBe("[DONE]");
    const warning = await warned;
    expect(warning.code).toBe("SIGNALBOX_CALLBACK");
    expect(warning.message).toContain("onFinish");
  });
});

describe("set-up", () => {
  test("without a client anywhere is told with how to mend it", async () => {
    const heard: unknown[] = [];
    const { origin } = await serve((it) => {
      it.post("/chat", chatHandler({ onError: (error) => heard.push(error) })).use(llmErrorHandler());
    });
    const answer = await postJson(`${origin}/chat`, { prompt: "Hi" });
    expect(answer.status).toBe(500);
    expect(heard[0]).toMatchObject({ code: "invalid_config", hint: expect.stringContaining("app.use(llmMiddleware(") });
  });

  test("a client of its own wins over the middleware's", async () => {
    const one = scripted("from the middleware");
    const two = scripted("from the option");
    const { origin } = await serve((it) => {
      it.use(llmMiddleware(one.client));
      it.post("/own", chatHandler({ client: two.client })).post("/shared", chatHandler());
    });
    expect(await (await postJson(`${origin}/own`, { prompt: "Hi" })).json()).toMatchObject({ text: "from the option" });
    expect(await (await postJson(`${origin}/shared`, { prompt: "Hi" })).json()).toMatchObject({
      text: "from the middleware",
    });
  });

  test.each([
    [{ acccept: [] }, /unknown option of chatHandler: acccept/],
    [{ accept: ["tools"] }, /`tools` cannot be opened/],
    [{ accept: ["headers"] }, /`headers` cannot be opened/],
    [{ accept: { extraBody: true } }, /`extraBody` cannot be opened/],
    [{ accept: { routing: true } }, /`routing` cannot be opened/],
    [{ accept: { plugins: true } }, /`plugins` cannot be opened/],
    [{ accept: ["anthropicBeta"] }, /`anthropicBeta` cannot be opened/],
    [{ accept: ["debug"] }, /`debug` cannot be opened/],
    [{ accept: { policy: true } }, /`policy` cannot be opened/],
    [{ accept: ["prompt"] }, /always open/],
    [{ accept: { model: "a/b" } }, /`accept.model` is no rule/],
    [{ bodyLimit: "10xb" }, /`bodyLimit` is no size/],
    [{ format: "sse" }, /`format` is not one/],
    [{ request: {} }, /`request` is no function/],
    [{ client: {} }, /`client` is no client/],
  ])("with %j is refused at start-up", (options, message) => {
    const start = () => chatHandler(options as never);
    expect(start).toThrow(message);
    try {
      start();
    } catch (error) {
      expect(error).toMatchObject({ code: "invalid_config", hint: expect.any(String) });
    }
  });
});
