import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createError } from "../errors/error-classes.js";
import { DEFAULT_RETRY, retryDelay } from "./retry-policy.js";

const overloaded = createError("provider_overloaded", "busy");
const limited = (retryAfterMs: number) => createError("rate_limit", "slow down", { retryAfterMs });
const state = (attempt: number, random = 0.5, waitedMs = 0) => ({ attempt, random, waitedMs });

describe("delays", () => {
  test("full jitter over a bound that doubles up to its maximum", () => {
    const settings = { ...DEFAULT_RETRY, maxRetries: 10 };
    expect([1, 2, 3, 4, 5, 6].map((attempt) => retryDelay(overloaded, state(attempt, 0.5), settings))).toEqual([
      250, 500, 1_000, 2_000, 4_000, 4_000,
    ]);
    expect(retryDelay(overloaded, state(3, 0), settings)).toBe(0);
  });
  test("F43 never less than upstream asks", () => {
    expect([
      retryDelay(limited(1_000), state(1, 0.1), DEFAULT_RETRY),
      retryDelay(limited(100), state(1, 0.5), DEFAULT_RETRY),
    ]).toEqual([1_000, 250]);
  });
  test("F45 a wait beyond maxTotalMs in all is none", () => {
    expect(retryDelay(limited(30_001), state(1), DEFAULT_RETRY)).toBeUndefined();
    expect(retryDelay(limited(30_000), state(1), DEFAULT_RETRY)).toBe(30_000);
    expect(retryDelay(limited(20_000), state(2, 0.5, 10_001), DEFAULT_RETRY)).toBeUndefined();
  });
  test("after the last retry, and for what may not be retried, there is none", () => {
    expect(retryDelay(overloaded, state(2), DEFAULT_RETRY)).toBe(500);
    expect(retryDelay(overloaded, state(3), DEFAULT_RETRY)).toBeUndefined();
    expect(retryDelay(createError("authentication", "invalid API key"), state(1), DEFAULT_RETRY)).toBeUndefined();
  });
  test("is always within its bounds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.nat(60_000),
        fc.nat(60_000),
        (attempt, random, waitedMs, retryAfterMs) => {
          const delay = retryDelay(
            limited(retryAfterMs),
            { attempt, random, waitedMs },
            { ...DEFAULT_RETRY, maxRetries: 100 },
          );
          if (delay === undefined) {
            expect(waitedMs + Math.max(8_000, retryAfterMs)).toBeGreaterThan(30_000);
            return;
          }
          expect(delay).toBeGreaterThanOrEqual(retryAfterMs);
          expect(delay).toBeLessThanOrEqual(Math.max(8_000, retryAfterMs));
          expect(waitedMs + delay).toBeLessThanOrEqual(30_000);
        },
      ),
    );
  });
});
