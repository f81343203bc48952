import { ConfigurationError, definePipeline, LLMClient, step } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import type { ErrorRequestHandler } from "express";
import { describe, expect, test } from "vitest";
import {
  chatHandler,
  chatRouter,
  llmErrorHandler,
  llmMiddleware,
  openAICompatible,
  stepsRouter,
} from "../src/index.js";
import { EXPRESS } from "./express-version.js";
import { postJson, serve } from "./serve.js";

const client = new LLMClient({ provider: scriptedProvider(), env: false });
const deck = definePipeline("deck", [step("one", () => 1)]);

/** The mistake that a set-up is refused with. */
function mistakeOf(start: () => unknown): ConfigurationError {
  try {
    start();
  } catch (error) {
    if (ConfigurationError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe(`${EXPRESS}: an option that nobody reads`, () => {
  test.each([
    [() => llmMiddleware(client, {}, { requestProperty: "x" } as never), "requestPropertyName", "context"],
    [() => llmMiddleware(client, {}, { Context: true } as never), "context", "context"],
    [() => chatHandler({ clients: client } as never), "client", "bodyLimit"],
    [() => chatHandler({ on_error: () => {} } as never), "onError", "onError"],
    [() => chatHandler({ heartbeat: 5 } as never), "heartbeatMs", "bodyLimit"],
    [() => chatHandler({ temperature: 5 } as never), undefined, "heartbeatMs"],
    [() => openAICompatible({ authorise: "none" } as never), "authorize", "models"],
    [() => stepsRouter(deck, { onDisconect: "abort" } as never), "onDisconnect", "transport"],
    [() => chatRouter({ stor: {} } as never), "store", "onFinish"],
    [() => llmErrorHandler({ exposed: true } as never), "expose", "expose"],
  ])("is told with the one that was meant and those that exist: %s", (start, meant, known) => {
    const mistake = mistakeOf(start);
    expect(mistake.code).toBe("invalid_config");
    expect(mistake.message).toMatch(/unknown option/);
    expect(mistake.hint).toContain(known);
    if (meant === undefined) expect(mistake.hint).not.toContain("Did you mean");
    else expect(mistake.hint).toContain(`Did you mean \`${meant}\`?`);
  });

  test("a value that is nearly right is told too", () => {
    expect(mistakeOf(() => chatHandler({ format: "event" as never })).hint).toContain('Did you mean "events"?');
    expect(mistakeOf(() => stepsRouter(deck, { onDisconnect: "kill" as never })).hint).toBe(
      "Give one of: abort, continue.",
    );
  });

  test.each([-1, Number.NaN, "15s", Number.POSITIVE_INFINITY])("%j is no heartbeat", (heartbeatMs) => {
    expect(mistakeOf(() => chatHandler({ heartbeatMs: heartbeatMs as never })).message).toContain("`heartbeatMs`");
    expect(mistakeOf(() => stepsRouter(deck, { heartbeatMs: heartbeatMs as never })).hint).toContain("milliseconds");
  });

  test.each([
    [() => chatRouter({ leaseMs: 0 }), "chatRouter: `leaseMs` is no time"],
    [() => stepsRouter(deck, { leaseMs: 0 }), "stepsRouter: `leaseMs` is no time"],
    [() => chatRouter({ owner: "ann" as never }), "chatRouter: `owner` is no function"],
    [() => stepsRouter(deck, { input: "topic" as never }), "stepsRouter: `input` is neither a schema nor a function"],
  ])("that nobody can have meant is refused: %s", (start, detail) => {
    expect(mistakeOf(start)).toMatchObject({ code: "invalid_config", detail });
  });
});

describe(`${EXPRESS}: something else in the place of a client`, () => {
  class OpenAI {
    chat = {};
    completions = {};
  }
  test.each([
    ["the class", LLMClient, /instance/],
    ["a promise of one", Promise.resolve(client), /await it first/],
    ["something that holds one", { client }, /`\.client`/],
    ["a client of another SDK", new OpenAI(), /another SDK/],
  ])("%s is refused at start-up with how to mend it", (_what, value, hint) => {
    for (const start of [
      () => llmMiddleware(value as never),
      () => chatHandler({ client: value as never }),
      () => openAICompatible({ client: value as never, authorize: "none" }),
      () => stepsRouter(deck, { client: value as never }),
    ]) {
      const mistake = mistakeOf(start);
      expect(mistake.code).toBe("invalid_config");
      expect(mistake.hint).toMatch(hint);
    }
  });

  test.each([null, "openai/gpt-4o-mini", 7, [], [client]])("%j makes no middleware", (value) => {
    expect(mistakeOf(() => llmMiddleware(value as never)).message).toContain("neither a client nor the options of one");
  });

  test("options of a client are no `client`", () => {
    expect(mistakeOf(() => chatHandler({ client: { apiKey: "sk-or-a" } as never })).hint).toContain("LLMClient");
  });
});

describe(`${EXPRESS}: a factory that was mounted without being called`, () => {
  test.each([
    ["llmMiddleware", llmMiddleware],
    ["chatHandler", chatHandler],
    ["openAICompatible", openAICompatible],
    ["stepsRouter", stepsRouter],
    ["llmErrorHandler", llmErrorHandler],
  ])("%s says so at the first request, and the request is answered", async (name, factory) => {
    const heard: unknown[] = [];
    const hear: ErrorRequestHandler = (error, _req, res, _next) => {
      heard.push(error);
      res.status(500).end();
    };
    const { origin } = await serve((app) => void app.use(factory as never).use(hear));
    expect((await postJson(origin, { prompt: "Hi" })).status).toBe(500);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({
      code: "invalid_config",
      message: expect.stringContaining(`${name} was mounted without being called`),
      hint: expect.stringContaining(`${name}(…)`),
    });
  });
});

describe(`${EXPRESS}: a route without what it needs`, () => {
  test.each([
    ["the middleware behind the route", true],
    ["no middleware at all", false],
  ])("%s: 500, told to `onError` with how to mend it, and nothing of it to the caller", async (_what, behind) => {
    const heard: { code?: string; hint?: string }[] = [];
    const { origin } = await serve((app) => {
      app.post("/chat", chatHandler({ onError: (error) => heard.push(error as object) }));
      if (behind) app.use(llmMiddleware(client));
      app.use(llmErrorHandler());
    });
    const answer = await postJson(`${origin}/chat`, { prompt: "Hi" });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({
      error: { code: "invalid_config", message: "The service is not configured correctly.", retryable: false },
    });
    expect(heard).toHaveLength(1);
    expect(heard[0]?.hint).toContain("app.use(llmMiddleware(client)) above the route");
  });
});
