import { describe, expect, test } from "vitest";
import { answering, errorBody, refused, type Written } from "./refusals.js";
import { rejection } from "./rejection.js";
import { completion } from "./upstream.js";

/** How long the client waits before it asks again, where it gets one refusal and then an answer. */
async function waitFor(answer: Written, random = 0): Promise<number | undefined> {
  const { llm, clock } = await answering([answer, { body: completion }]);
  clock.fixedRandom = random;
  const waited: number[] = [];
  llm.on("retry", ({ delayMs }) => waited.push(delayMs));
  const asking = llm.generate({ prompt: "x", model: "acme/one" });
  await clock.until(() => waited.length > 0);
  clock.advance((waited[0] ?? 0) - 1);
  expect(clock.pending).toEqual([1]);
  clock.advance(1);
  return (await asking).attempts[0]?.waitedMs;
}

describe("when upstream says to come back", () => {
  const now = Date.UTC(2026, 10, 23);
  const date = (ms: number) => new Date(ms).toUTCString();

  test.each<[string, Written, number]>([
    ["F43 Retry-After in seconds", { headers: { "retry-after": "2" } }, 2_000],
    ["F43 retry-after-ms before Retry-After", { headers: { "retry-after-ms": "150", "retry-after": "9" } }, 150],
    [
      "F44 Retry-After as a date, by the server's own clock",
      { headers: { date: date(now - 3_600_000), "retry-after": date(now - 3_595_000) } },
      5_000,
    ],
    [
      "F46 X-RateLimit-Reset in milliseconds",
      { headers: { date: date(now), "x-ratelimit-reset": String(now + 4_000) } },
      4_000,
    ],
    [
      "F46 X-RateLimit-Reset in seconds",
      { headers: { date: date(now), "x-ratelimit-reset": String(now / 1_000 + 3) } },
      3_000,
    ],
    ["F46 X-RateLimit-Reset from now", { headers: { "x-ratelimit-reset": "6" } }, 6_000],
    [
      "F46 X-RateLimit-Reset in the body only",
      {
        headers: { date: date(now) },
        body: errorBody({ metadata: { headers: { "X-RateLimit-Reset": String(now + 7_000) } } }),
      },
      7_000,
    ],
    ["F48 availability.retry_after", { body: errorBody({ availability: { retryable: true, retry_after: 8 } }) }, 8_000],
    ["F48 R5 metadata.retry_after_seconds", { body: errorBody({ metadata: { retry_after_seconds: 3 } }) }, 3_000],
    ["F48 R5 retry_after_seconds beside the message", { body: errorBody({ retry_after_seconds: 1.5 }) }, 1_500],
  ])("%s is waited for, to the millisecond", async (_what, answer, wanted) => {
    expect(await waitFor({ status: 429, body: errorBody({}), ...answer })).toBe(wanted);
  });

  test("F45 a wait of two minutes is left to the caller at once, with its length", async () => {
    const [thrown, asked] = await refused({ status: 429, headers: { "retry-after": "120" }, body: errorBody({}) });
    expect([thrown.code, thrown.retryAfterMs, asked]).toEqual(["rate_limit", 120_000, 1]);
  });

  test("R5 a wait of two minutes is waited for where the total allows it", async () => {
    const told = { status: 429, headers: { "retry-after": "120" }, body: errorBody({}) };
    const retry = { maxTotalMs: 300_000, maxRetries: 1 };
    const { llm, clock, requests } = await answering([told], { retry });
    const failure = rejection(llm.generate({ prompt: "x", model: "acme/one" }));
    await clock.waiting(120_000);
    clock.advance(120_000);
    expect(await failure).toMatchObject({ code: "rate_limit", retryable: true, retryAfterMs: 120_000 });
    expect(requests).toHaveLength(2);
  });

  test("F45 R5 beyond a minute and beyond the total it is nothing to try again soon, streamed or not", async () => {
    for (const [seconds, maxTotalMs, retryable] of [
      ["61", 30_000, false],
      ["61", 60_999, false],
      ["60", 30_000, true],
    ] as const) {
      const [thrown, asked] = await refused(
        { status: 429, headers: { "retry-after": seconds }, body: errorBody({}) },
        { retry: { maxTotalMs } },
      );
      expect([thrown.retryable, asked]).toEqual([retryable, 1]);
    }
  });

  test("R5 with retries off a wait of two minutes is nothing to try again soon", async () => {
    const told = { status: 503, headers: { "retry-after": "120" }, body: errorBody({ code: 503 }) };
    expect((await refused(told, { retry: false }))[0].retryable).toBe(false);
  });

  test("F47 a provider's own limit is tried again with jitter, and the way round it is told", async () => {
    const raw = { metadata: { provider_name: "Acme", raw: '{"error":{"message":"slow down"}}' } };
    expect(await waitFor({ status: 429, body: errorBody(raw) }, 0.5)).toBe(250);
    const [thrown, asked] = await refused({ status: 429, body: errorBody(raw) });
    expect([thrown.code, thrown.servedBy, asked]).toEqual(["rate_limit", "Acme", 3]);
    expect(thrown.detail).toBe("rate limit exceeded: slow down (Acme)");
    expect(thrown.hint).toContain("fallbackModels");
  });

  test("F48 availability overrules the status both ways, and its other models are told", async () => {
    const models = { fallback_models: ["acme/small"], excluded_by: ["max_price"] };
    const [no, once] = await refused({
      status: 503,
      body: errorBody({ code: 503, availability: { retryable: false, ...models } }),
    });
    expect([no.retryable, once, no.hint]).toEqual([
      false,
      1,
      "excluded by max_price; available for fallbackModels: acme/small",
    ]);
    const [yes, thrice] = await refused({
      status: 404,
      body: errorBody({ code: 404, availability: { retryable: true } }),
    });
    expect([yes.retryable, thrice]).toEqual([true, 3]);
  });
});
