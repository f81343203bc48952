import type { ErrorRequestHandler, Response } from "express";
import { describe, expect, test, vi } from "vitest";
import { openAICompatible } from "../src/index.js";
import { CHAT, relaying } from "./relayed-upstream.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";

describe("failures", () => {
  test.each([
    ["429", { retryAfter: 3 }, 429, "rate_limit"],
    ["402", {}, 402, "insufficient_credits"],
    ["401", {}, 500, "authentication"],
    ["503", {}, 503, "provider_overloaded"],
    ["html-502", {}, 502, "provider_error"],
    ["error-200", {}, 502, "provider_error"],
    ["reset-before-headers", {}, 502, "connection"],
  ] as const)("of upstream (%s) are OpenAI-shaped, streamed or not", async (fault, options, status, code) => {
    const { simulator, origin } = await relaying();
    simulator.fault(fault, { ...options, times: 2 });
    for (const stream of [true, false]) {
      const answer = await postJson(`${origin}/chat/completions`, { ...CHAT, stream });
      expect(answer.status).toBe(status);
      expect(await answer.json()).toEqual({ error: { message: expect.any(String), type: code, code, param: null } });
      expect(answer.headers.get("retry-after")).toBe("retryAfter" in options ? "3" : null);
    }
  });

  test("of a key the caller brought are the caller's", async () => {
    const { origin } = await relaying({ authorize: () => ({ apiKey: "sk-or-wrong-key" }) }, { keys: ["sk-or-right"] });
    const answer = await postJson(`${origin}/chat/completions`, CHAT);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain("sk-or-wrong");
  });

  test.each([
    ["midstream-error", { after: 2 }],
    ["cut", { after: 2 }],
    ["cut", { after: 2, abrupt: true }],
    ["reset", { after: 2 }],
  ] as const)("in the stream (%s %j) are one error event", async (fault, options) => {
    const { simulator, origin } = await relaying();
    simulator.fault(fault, options);
    const text = await (await postJson(`${origin}/chat/completions`, { ...CHAT, stream: true })).text();
    const errors = text
      .split("\n")
      .filter((line) => line.startsWith("data: {") && "error" in JSON.parse(line.slice(6)));
    expect(errors).toHaveLength(1);
    if (fault !== "midstream-error") expect(text).not.toContain("[DONE]");
  });

  test("of a JSON answer that is cut are no success", async () => {
    const { simulator, origin } = await relaying();
    simulator.fault("cut", { after: 1, abrupt: true });
    const answer = await postJson(`${origin}/chat/completions`, CHAT);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ error: { param: null } });
  });

  test.each([
    ["{", 400, "invalid_request"],
    ["[]", 400, "invalid_request"],
    [JSON.stringify({ ...CHAT, user: "x".repeat(2000) }), 413, "payload_too_large"],
  ])("of the caller's body are told before anything is sent: %s", async (body, status, code) => {
    const { simulator, origin } = await relaying({ bodyLimit: "1kb" });
    const answer = await postJson(`${origin}/chat/completions`, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code, param: null } });
    expect(simulator.requests).toHaveLength(0);
  });

  test("of the local limits are told with Retry-After", async () => {
    const simulator = await simulate();
    const client = clientOf(simulator, { limits: { requestsPerMinute: 1, onLimit: "reject" } });
    const { origin } = await serve((app) => void app.use("/v1", openAICompatible({ client, authorize: "none" })));
    expect((await postJson(`${origin}/v1/chat/completions`, CHAT)).status).toBe(200);
    const answer = await postJson(`${origin}/v1/chat/completions`, CHAT);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ error: { type: "rate_limit", code: "rate_limit" } });
  });
});

describe("an answer that somebody else gives", () => {
  test.each([
    ["before upstream does", false, "stall-before-headers"],
    ["before upstream does", true, "stall-before-headers"],
    ["in the middle of a stream", true, "stall"],
  ] as const)("%s (stream: %j) is the only one, and closes upstream", async (_when, stream, fault) => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    simulator.fault(fault);
    const late = Promise.withResolvers<Response>();
    const seen: unknown[] = [];
    const { origin } = await serve((app) => {
      app.use((_req, res, next) => {
        late.resolve(res);
        next();
      });
      app.use("/v1", openAICompatible({ client, authorize: "none" }));
      app.use(((error, _req, _res, _next) => void seen.push(error)) satisfies ErrorRequestHandler);
    });
    const arrival = simulator.nextRequest();
    const answering = postJson(`${origin}/v1/chat/completions`, { ...CHAT, stream });
    const request = await arrival;
    const res = await late.promise;
    if (fault === "stall") await answering;
    if (res.headersSent) res.end();
    else res.status(503).json({ late: true });
    expect((await request.closed).state).toBe("closed-by-client");
    expect((await answering).status).toBe(fault === "stall" ? 200 : 503);
    expect(await (await answering).text()).not.toContain("error");
    expect(seen).toEqual([]);
  });

  test.each([true, false])("in the same turn as upstream's is the only one (stream: %j)", async (stream) => {
    const simulator = await simulate();
    const client = clientOf(simulator);
    const seen: unknown[] = [];
    const { origin } = await serve((app) => {
      app.use((_req, res, next) => {
        // As soon as the relay begins to answer, somebody is faster.
        vi.spyOn(res, "headersSent", "get").mockImplementationOnce(() => {
          vi.restoreAllMocks();
          res.status(503).json({ late: true });
          return res.headersSent;
        });
        next();
      });
      app.use("/v1", openAICompatible({ client, authorize: "none" }));
      app.use(((error, _req, _res, _next) => void seen.push(error)) satisfies ErrorRequestHandler);
    });
    const answer = await postJson(`${origin}/v1/chat/completions`, { ...CHAT, stream });
    expect([answer.status, await answer.json(), seen]).toEqual([503, { late: true }, []]);
  });
});
