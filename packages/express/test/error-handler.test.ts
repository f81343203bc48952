import { AbortedError, ProviderError, RateLimitError } from "@signalbox/core";
import express, { type ErrorRequestHandler } from "express";
import { describe, expect, test } from "vitest";
import { chatHandler, llmErrorHandler, llmMiddleware } from "../src/index.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";
import { readEvents } from "./server-events.js";

async function failing(error: unknown, options?: Parameters<typeof llmErrorHandler>[0]) {
  const passedOn: unknown[] = [];
  const last: ErrorRequestHandler = (other, _req, res, _next) => {
    passedOn.push(other);
    if (!res.headersSent) res.status(599);
    res.end();
  };
  const { origin } = await serve((app) => {
    app.get("/", (_req, _res, next) => next(error));
    app.use(llmErrorHandler(options));
    app.use(last);
  });
  return { origin, passedOn };
}

describe("before the first byte", () => {
  test.each([true, false])("upstream's 429 is HTTP 429 with Retry-After (stream: %j)", async (stream) => {
    const simulator = await simulate();
    simulator.fault("429", { retryAfter: 7 });
    const { origin } = await serve((app) => {
      app
        .use(llmMiddleware(clientOf(simulator)))
        .post("/chat", chatHandler())
        .use(llmErrorHandler());
    });
    const answer = await postJson(`${origin}/chat`, { prompt: "Hi", stream });
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({ error: { code: "rate_limit", retryable: true, retryAfterMs: 7000 } });
  });

  test.each([
    ["402", 402, "insufficient_credits"],
    ["503", 503, "provider_overloaded"],
    ["401", 500, "authentication"],
    ["reset-before-headers", 502, "connection"],
    ["empty", 502, "empty_response"],
    ["error-first-event", 502, "provider_error"],
  ] as const)("%s is %i", async (fault, status, code) => {
    const simulator = await simulate();
    simulator.fault(fault);
    const { origin } = await serve((app) => {
      app
        .use(llmMiddleware(clientOf(simulator)))
        .post("/chat", chatHandler())
        .use(llmErrorHandler());
    });
    const answer = await postJson(`${origin}/chat`, { prompt: "Hi", stream: true });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code } });
  });

  test("Retry-After is in whole seconds and never too early", async () => {
    const { origin } = await failing(new RateLimitError("rate_limit", "rate limit exceeded", { retryAfterMs: 1001 }));
    expect((await fetch(origin)).headers.get("retry-after")).toBe("2");
  });

  test("what an error says is shown only where it may be, or as the operator decides", async () => {
    const error = new ProviderError("provider_error", "the database of Acme is on fire", { generationId: "gen-1" });
    const hidden = await fetch((await failing(error)).origin);
    expect(await hidden.json()).toEqual({
      error: { code: "provider_error", message: "The model service failed.", retryable: true, generationId: "gen-1" },
    });
    const shown = await fetch((await failing(error, { expose: true })).origin);
    expect(await shown.json()).toMatchObject({ error: { message: "the database of Acme is on fire" } });
    const limited = new RateLimitError("rate_limit", "rate limit exceeded: 3 a day");
    const covered = await fetch((await failing(limited, { expose: false })).origin);
    expect(await covered.json()).toMatchObject({ error: { message: "Too many requests; try again later." } });
  });

  test("errors of others are left to the next handler", async () => {
    const error = Object.assign(new Error("not ours"), { status: 418 });
    const { origin, passedOn } = await failing(error);
    expect((await fetch(origin)).status).toBe(599);
    expect(passedOn).toEqual([error]);
  });

  test.each([
    ["{", {}, 400, "invalid_request"],
    [JSON.stringify({ text: "x".repeat(300) }), {}, 413, "payload_too_large"],
    ["{}", { "content-type": "application/json; charset=klingon" }, 400, "invalid_request"],
    ["{}", { "content-encoding": "klingon" }, 400, "invalid_request"],
  ])("a body parser's complaint about %j %j is %i", async (body, headers, status, code) => {
    const { origin } = await serve((app) => {
      app
        .use(express.json({ limit: 200 }))
        .use((_req, res) => void res.json({}))
        .use(llmErrorHandler());
    });
    const answer = await postJson(origin, body, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code } });
  });

  test("an aborted call is told to a caller that is still there", async () => {
    const { origin } = await failing(new AbortedError("aborted", "the client was closed"));
    expect((await fetch(origin)).status).toBe(499);
  });

  test("unknown options are refused at start-up", () => {
    expect(() => llmErrorHandler({ exposed: true } as never)).toThrow(/unknown option of llmErrorHandler: exposed/);
  });
});

describe("after the first byte", () => {
  test.each([
    ["midstream-error", { after: 2 }],
    ["midstream-error", { after: 2, form: "recorded" }],
    ["midstream-error", { after: 2, code: 429 }],
    ["cut", { after: 2 }],
    ["cut", { after: 2, abrupt: true }],
    ["reset", { after: 2 }],
    ["malformed-json", { after: 2 }],
  ] as const)("%s %j is exactly one error event and never success", async (fault, options) => {
    const simulator = await simulate();
    simulator.fault(fault, options);
    const { origin } = await serve((app) => {
      app.use(llmMiddleware(clientOf(simulator)));
      app.post("/events", chatHandler()).use(llmErrorHandler());
    });
    const answer = await postJson(`${origin}/events`, { prompt: "Signals and boxes", stream: true });
    const events = readEvents(await answer.text());
    const kinds = events.map(({ event, data }) => event ?? (data === "[DONE]" ? "[DONE]" : JSON.parse(data).type));
    expect(answer.status).toBe(200);
    expect(kinds).toContain("text-delta");
    expect(kinds.filter((kind) => kind === "error")).toHaveLength(1);
    expect(kinds).not.toContain("finish");
    expect(kinds.at(-2)).toBe("error");
  });

  test("the OpenAI format does not say [DONE], text does not end well", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    simulator.fault("cut", { after: 2, times: 2 });
    const { origin } = await serve((app) => {
      app
        .post("/openai", chatHandler({ client, format: "openai" }))
        .post("/text", chatHandler({ client, format: "text" }));
      app.use(llmErrorHandler());
    });
    const text = await (await postJson(`${origin}/openai`, { prompt: "Signals", stream: true })).text();
    expect(text.match(/"error":\{/g)).toHaveLength(1);
    expect(text).not.toContain("[DONE]");
    const broken = postJson(`${origin}/text`, { prompt: "Signals", stream: true });
    await expect(broken.then((answer) => answer.text())).rejects.toThrow();
  });

  test("an error of a handler that had begun goes on, and nothing is written twice", async () => {
    const passedOn: unknown[] = [];
    const error = new ProviderError("provider_error", "down");
    const last: ErrorRequestHandler = (other, _req, res, _next) => {
      passedOn.push(other);
      res.destroy();
    };
    const { origin } = await serve((app) => {
      app.get("/", (_req, res, next) => {
        res.write("begun");
        next(error);
      });
      app.use(llmErrorHandler()).use(last);
    });
    await expect(fetch(origin).then((answer) => answer.text())).rejects.toThrow();
    expect(passedOn).toEqual([error]);
  });
});
