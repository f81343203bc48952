import { type LLMClientOptions, RateLimitError } from "@signalbox/core";
import type { ErrorRequestHandler } from "express";
import { describe, expect, test } from "vitest";
import { llmErrorHandler, llmMiddleware, type OpenAICompatibleOptions, openAICompatible } from "../src/index.js";
import { clientOf, postJson, serve, simulate } from "./serve.js";

const CHAT = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Signals and boxes" }] };

async function relaying(authorize: OpenAICompatibleOptions["authorize"], clientOptions: LLMClientOptions = {}) {
  const simulator = await simulate();
  const client = clientOf(simulator, clientOptions);
  const { origin } = await serve((app) => {
    app.use("/v1", openAICompatible({ client, authorize }));
    app.use(llmErrorHandler());
  });
  const ask = (user: string, more: object = {}) =>
    postJson(`${origin}/v1/chat/completions`, { ...CHAT, ...more }, { authorization: `Bearer ${user}` });
  return { simulator, client, origin, ask };
}

const userOf = (req: { get(name: string): string | undefined }) => req.get("authorization")?.replace("Bearer ", "");

describe("the policy", () => {
  test("of the client is a floor that no body gets under", async () => {
    const { simulator, ask } = await relaying("none", { policy: { zdr: true, dataCollection: "deny" } });
    const provider = { zdr: false, data_collection: "allow", order: ["openai"] };
    expect((await ask("ann", { provider })).status).toBe(200);
    expect(simulator.requests[0]?.json.provider).toEqual({ zdr: true, data_collection: "deny", order: ["openai"] });
  });

  test("of a request's scope tightens it further", async () => {
    const { simulator, ask } = await relaying(() => ({ policy: { denyModels: ["openai/gpt-4o-mini"] } }));
    const answer = await ask("ann");
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { type: "invalid_request", message: expect.stringContaining("openai/gpt-4o-mini") },
    });
    expect(simulator.requests).toHaveLength(0);
  });

  test("leaves whose call it is to the scope, whomever the body names", async () => {
    const { client, simulator, ask } = await relaying((req) => ({ user: userOf(req) }));
    expect((await ask("ann", { user: "bob" })).status).toBe(200);
    expect(simulator.requests[0]?.json.user).toBe("bob");
    await expect.poll(() => client.usage.byUser()).toMatchObject([{ user: "ann", requests: 1 }]);
  });
});

describe("a user", () => {
  test("is limited alone, and told when to come again", async () => {
    const { ask } = await relaying((req) => ({
      user: userOf(req),
      limits: { requestsPerMinute: 1, onLimit: "reject" },
    }));
    expect((await ask("ann")).status).toBe(200);
    const refused = await ask("ann", { stream: true });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect(await refused.json()).toEqual({
      error: {
        message: expect.stringContaining("rate limit exceeded"),
        type: "rate_limit",
        code: "rate_limit",
        param: null,
      },
    });
    expect((await ask("bob")).status).toBe(200);
  });

  test("is charged what upstream told, so that a budget lasts as long as its money", async () => {
    // Each call reserves more than half of it and costs a hundredth.
    const { client, simulator, ask } = await relaying((req) => ({
      user: userOf(req),
      budget: { usd: 0.001, per: "hour" },
    }));
    for (let call = 0; call < 5; call++) {
      const answer = await ask("ann", { max_tokens: 1000, stream: call % 2 === 0 });
      expect(answer.status).toBe(200);
      await answer.text();
      await expect.poll(() => client.usage.total.requests).toBe(call + 1);
    }
    const billed = simulator.requests.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
    expect(client.usage.byUser()).toMatchObject([{ user: "ann", requests: 5, usd: expect.closeTo(billed, 12) }]);
  });

  test("whose budget is spoken for is refused until it frees; another one is not", async () => {
    const { simulator, ask } = await relaying((req) => ({
      user: userOf(req),
      budget: { usd: 0.001, per: "hour" },
    }));
    simulator.fault("stall", { after: 1 });
    const arrival = simulator.nextRequest();
    const held = await ask("ann", { max_tokens: 1000, stream: true });
    await arrival;
    const refused = await ask("ann", { max_tokens: 1000 });
    expect(refused.status).toBe(402);
    const wait = Number(refused.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(3600);
    expect(await refused.json()).toEqual({
      error: {
        message: expect.stringContaining("budget"),
        type: "budget_exceeded",
        code: "budget_exceeded",
        param: null,
      },
    });
    expect((await ask("bob", { max_tokens: 1000 })).status).toBe(200);
    await held.body?.cancel();
    // What the one who left had received is paid, and the rest of the money is free again.
    await expect.poll(async () => (await ask("ann", { max_tokens: 1000 })).status).toBe(200);
  });
});

describe("authorize", () => {
  test("may refuse in its own words", async () => {
    const { ask } = await relaying(async () => {
      throw new RateLimitError("rate_limit", "one login a minute", { retryAfterMs: 1500, expose: true });
    });
    const answer = await ask("ann");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "2"]);
    expect(await answer.json()).toMatchObject({ error: { message: "one login a minute", code: "rate_limit" } });
  });

  test("that fails goes to the app's own error handler", async () => {
    const simulator = await simulate();
    const failure = new Error("db-7 is down");
    const seen: unknown[] = [];
    const authorize = async () => {
      throw failure;
    };
    const { origin } = await serve((app) => {
      app.use("/v1", openAICompatible({ client: clientOf(simulator), authorize })).use(llmErrorHandler());
      app.use(((error, _req, res, _next) => {
        seen.push(error);
        res.sendStatus(500);
      }) satisfies ErrorRequestHandler);
    });
    expect((await postJson(`${origin}/v1/chat/completions`, CHAT)).status).toBe(500);
    expect(seen).toEqual([failure]);
    expect(simulator.requests).toHaveLength(0);
  });
});

describe("a client that is closed", () => {
  test("is told as 503 with Retry-After, before and within a stream", async () => {
    const { client, simulator, ask } = await relaying("none");
    simulator.fault("stall", { after: 2 });
    const arrival = simulator.nextRequest();
    const streamed = await ask("ann", { stream: true });
    const request = await arrival;
    await client.close();
    expect((await request.closed).state).toBe("closed-by-client");
    const events = (await streamed.text()).trimEnd().split("\n\n");
    expect(JSON.parse(events.at(-1)?.slice("data: ".length) ?? "")).toEqual({
      error: { message: expect.stringContaining("shutting down"), type: "aborted", code: "aborted", param: null },
    });
    const answer = await ask("ann");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await answer.json()).toMatchObject({ error: { code: "aborted", param: null } });
  });

  test("by the middleware's shutdown too", async () => {
    const simulator = await simulate();
    const middleware = llmMiddleware(clientOf(simulator));
    const { origin } = await serve((app) => {
      app
        .use(middleware)
        .use("/v1", openAICompatible({ authorize: "none" }))
        .use(llmErrorHandler());
    });
    simulator.fault("stall", { after: 2 });
    const streamed = await postJson(`${origin}/v1/chat/completions`, { ...CHAT, stream: true });
    await middleware.close();
    expect(await streamed.text()).toMatch(/"error":\{"message":"the server is shutting down"[^\n]*\n\n$/);
    expect((await fetch(`${origin}/v1/models`)).status).toBe(503);
  });
});
