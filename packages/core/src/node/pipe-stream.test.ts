import { expect, test } from "vitest";
import { AnswerServer } from "../../test/answer-server.js";
import { piped, pipeListeners } from "../../test/piped-answer.js";
import { ScriptedSource, sampleResult } from "../../test/scripted-source.js";
import { createError } from "../errors/error-classes.js";
import { pipeStream } from "./pipe-stream.js";

const data = (body: string) =>
  body
    .split("\n\n")
    .filter((part) => part.startsWith("data: {"))
    .map((part) => JSON.parse(part.slice(6)) as { type: string; [field: string]: unknown });

test("pipes a stream as server-sent events, ends with finish and [DONE], leaves no listener", async () => {
  const source = new ScriptedSource();
  source.push({ type: "start", generationId: "gen-1", model: "vendor/model" }, { type: "step-start", step: 0 });
  source.push({ type: "keep-alive" }).text("Hello ", "world").finish();
  const { server, outcome, left, url } = await piped(source);
  await using _ = server;

  const answer = await fetch(url);
  const body = await answer.text();

  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  });
  expect(data(body).map((event) => event.type)).toEqual(["start", "step-start", "text-delta", "text-delta", "finish"]);
  expect(body.endsWith("data: [DONE]\n\n")).toBe(true);
  expect(await outcome).toMatchObject({ outcome: "finished", result: { text: "Hello world" } });
  expect(left).toEqual([[0, 0, 0, 0, 0]]);
});

test("the finish event carries what a browser needs and neither messages nor the raw answer", async () => {
  const source = new ScriptedSource().text("Hello world").finish();
  const { server, url } = await piped(source);
  await using _ = server;

  const body = await (await fetch(url)).text();
  const finish = data(body).find((event) => event.type === "finish");

  expect(finish?.result).toEqual({
    text: "Hello world",
    reasoning: "",
    toolCalls: [],
    annotations: [],
    images: [],
    finishReason: "stop",
    rawFinishReason: "stop",
    usage: { promptTokens: 7, completionTokens: 2, totalTokens: 9, cachedTokens: 3 },
    cost: { usd: 0.00012, isByok: false, totalUsd: 0.00012, source: "provider" },
    model: "vendor/model",
    generationId: "gen-1",
    warnings: [],
    timing: { totalMs: 12 },
  });
  expect(body).not.toContain("secret-raw");
});

test("the validated object of a structured stream's own result is on the finish event", async () => {
  const source = new ScriptedSource().text('{"a":1}').finish();
  const structured = {
    events: source.stream.events,
    get result() {
      return source.stream.result.then((result) => ({ ...result, object: { a: 1 }, strategy: "json_schema" }));
    },
    abort: () => source.stream.abort(),
  };
  await using server = await AnswerServer.start((_req, res) => pipeStream(structured, res));
  const finish = data(await (await fetch(server.url)).text()).find((event) => event.type === "finish");

  expect(finish?.result).toMatchObject({ object: { a: 1 }, strategy: "json_schema" });
  expect(await server.handled[0]).toMatchObject({ outcome: "finished", result: { object: { a: 1 } } });
});

test("a result that does not validate ends the answer with an error, never with finish", async () => {
  const source = new ScriptedSource().text('{"a":').finish();
  const structured = {
    events: source.stream.events,
    get result() {
      return source.stream.result.then((): never => {
        throw createError("structured_output", "no valid object");
      });
    },
    abort: () => source.stream.abort(),
  };
  await using server = await AnswerServer.start((_req, res) => pipeStream(structured, res));
  const body = await (await fetch(server.url)).text();

  expect(body).toContain('event: error\ndata: {"type":"error","error":{"code":"structured_output"');
  expect(body).not.toContain('"type":"finish"');
  expect(await server.handled[0]).toMatchObject({ outcome: "failed" });
});

test("before the first event a failure rejects and leaves the response untouched", async () => {
  const source = new ScriptedSource();
  source.push({ type: "start" }, { type: "step-start", step: 0 }, { type: "keep-alive" });
  source.push({ type: "warning", warning: { code: "model_substituted", message: "another model" } });
  source.fail(createError("rate_limit", "rate limit exceeded", { retryAfterMs: 3_000 }));
  let untouched: unknown;
  await using server = await AnswerServer.start(async (_req, res) => {
    res.statusCode = 202;
    const had = pipeListeners(res);
    try {
      await pipeStream(source.stream, res);
    } catch (error) {
      const after = pipeListeners(res);
      untouched = [res.headersSent, res.getHeaderNames(), res.statusCode, after.every((count, i) => count === had[i])];
      res.statusCode = 429;
      res.setHeader("Retry-After", "3");
      res.end((error as Error).message);
    }
  });

  const answer = await fetch(server.url);
  expect([answer.status, answer.headers.get("retry-after"), await answer.text()]).toEqual([
    429,
    "3",
    "rate limit exceeded",
  ]);
  expect(untouched).toEqual([false, [], 202, true]);
});

test("after the first event a failure is one error event without upstream's words, then [DONE]", async () => {
  const source = new ScriptedSource().text("Hel");
  source.fail(createError("provider_error", "upstream said: internal host db-7", { generationId: "gen-9" }));
  const { server, outcome, left, url } = await piped(source);
  await using _ = server;

  const answer = await fetch(url);
  const body = await answer.text();

  expect(answer.status).toBe(200);
  expect(body).toBe(
    'data: {"type":"text-delta","step":0,"text":"Hel"}\n\n' +
      'event: error\ndata: {"type":"error","error":{"code":"provider_error","message":"The model service failed.",' +
      '"retryable":true,"generationId":"gen-9"}}\n\n' +
      "data: [DONE]\n\n",
  );
  expect(await outcome).toMatchObject({ outcome: "failed", error: { code: "provider_error" } });
  expect(left).toEqual([[0, 0, 0, 0, 0]]);
});

test("`expose` shows what the failure says", async () => {
  const source = new ScriptedSource().text("Hel").fail(createError("provider_error", "upstream said: busy"));
  const { server, url } = await piped(source, { expose: true });
  await using _ = server;
  expect(await (await fetch(url)).text()).toContain("upstream said: busy");
});

test("an event that cannot be written stops the stream and is a failure", async () => {
  const source = new ScriptedSource().text("Hel");
  source.push({ type: "tool-progress", step: 0, id: "c", name: "count", data: 10n });
  const { server, outcome, url } = await piped(source);
  await using _ = server;

  expect(await (await fetch(url)).text()).toContain("event: error");
  expect(await outcome).toMatchObject({ outcome: "failed" });
  await source.aborted;
});

test("status and headers the handler has set stay, the content type is ours", async () => {
  const { server, url } = await piped(new ScriptedSource().text("a").finish(), {}, (res) => {
    res.statusCode = 201;
    res.setHeader("Cache-Control", "private");
    res.setHeader("X-Trace", "t1");
    res.setHeader("Content-Type", "application/json");
  });
  await using _ = server;
  const answer = await fetch(url);
  await answer.text();

  expect(answer.status).toBe(201);
  expect(["cache-control", "x-trace", "content-type"].map((name) => answer.headers.get(name))).toEqual([
    "private",
    "t1",
    "text/event-stream; charset=utf-8",
  ]);
});

test("headers that the handler has sent itself make every failure part of the answer", async () => {
  const { server, outcome, url } = await piped(
    new ScriptedSource().fail(createError("timeout", "too slow")),
    {},
    (res) => {
      res.writeHead(200, { "Content-Type": "text/event-stream" });
    },
  );
  await using _ = server;
  expect(await (await fetch(url)).text()).toContain('"code":"timeout"');
  expect((await outcome).outcome).toBe("failed");
});

test("any iterable: strings are text, events are events, run events carry their seq, other objects are JSON", async () => {
  async function* items(): AsyncGenerator<unknown> {
    yield "word";
    yield { type: "text-delta", step: 0, text: "delta" };
    yield { runId: "r", seq: 7, step: "outline", status: "started" };
    yield { any: "thing" };
    yield { type: "finish", result: sampleResult() };
  }
  const { server, outcome, url } = await piped(items());
  await using _ = server;
  const parts = (await (await fetch(url)).text()).split("\n\n");

  expect(parts.slice(0, 4)).toEqual([
    'data: {"type":"text-delta","step":0,"text":"word"}',
    'data: {"type":"text-delta","step":0,"text":"delta"}',
    'id: 7\ndata: {"runId":"r","seq":7,"step":"outline","status":"started"}',
    'data: {"any":"thing"}',
  ]);
  expect(parts.slice(5)).toEqual(["data: [DONE]", ""]);
  expect((await outcome).result?.text).toBe("Hello world");
});

test.each(["events", "ndjson", "ui-message"] as const)(
  "objects of an iterable that only share an event's type go out as they are: %s",
  async (format) => {
    async function* items(): AsyncGenerator<unknown> {
      yield { type: "image", src: "a.png" };
      yield { type: "finish", total: 3 };
    }
    const { server, outcome, url } = await piped(items(), { format });
    await using _ = server;
    const text = await (await fetch(url)).text();
    expect(text).toContain('{"type":"image","src":"a.png"}');
    expect(text).toContain('{"type":"finish","total":3}');
    expect(await outcome).toEqual({ outcome: "finished" });
  },
);

test("what cannot be piped rejects: an unknown format, a second reader, an ended response, no iterable", async () => {
  const codes: unknown[] = [];
  const left: unknown[] = [];
  await using server = await AnswerServer.start(async (_req, res) => {
    const attempt = async (stream: unknown, options?: object) => {
      try {
        codes.push(await pipeStream(stream as AsyncIterable<unknown>, res, options));
      } catch (error) {
        codes.push((error as { code?: string }).code);
      }
    };
    const unknown = new ScriptedSource();
    await attempt(unknown.stream, { format: "xml" });
    await unknown.aborted;
    const taken = new ScriptedSource().text("a");
    taken.stream[Symbol.asyncIterator]();
    await attempt(taken.stream);
    left.push(taken.abortedWith);
    await attempt({});
    res.end();
    await attempt(new ScriptedSource().stream);
  });
  await (await fetch(server.url)).text();
  await server.handled[0];
  expect(codes).toEqual(["invalid_request", "invalid_request", "invalid_request", "invalid_request"]);
  expect(left, "the other reader goes on").toEqual([undefined]);
});
