import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRetryAfter } from "./read-retry-after.js";

const NOW = Date.UTC(2026, 10, 23, 8, 0, 0);
const read = (headers: Record<string, string>, error?: Record<string, unknown>) =>
  readRetryAfter({ headers, error, now: NOW });
const date = (ms: number) => new Date(ms).toUTCString();

describe("Retry-After", () => {
  test("F43 in seconds, and in milliseconds before that", () => {
    expect([read({ "retry-after": "1" }), read({ "retry-after": " 40 " }), read({ "retry-after": "0" })]).toEqual([
      1_000, 40_000, 0,
    ]);
    expect(read({ "retry-after": "5", "retry-after-ms": "250.5" })).toBe(251);
  });
  test("F44 as a date, judged by the server's own clock where it tells it", () => {
    expect(read({ "retry-after": date(NOW + 90_000) })).toBe(90_000);
    expect(read({ "retry-after": date(NOW + 90_000), date: date(NOW + 60_000) })).toBe(30_000);
    expect(read({ "retry-after": date(NOW - 90_000) })).toBe(0);
  });
  test.each(["-5", "soon", "1e99", "0.5", "", "NaN", "Infinity", "99999999999", "2026", "Fri, 99 Foo 2026"])(
    "%j is no hint",
    (value) => {
      const hint = read({ "retry-after": value });
      expect(hint).toBe(value === "2026" ? 2_026_000 : undefined);
    },
  );
});

describe("X-RateLimit-Reset", () => {
  test("F46 in milliseconds, in seconds, or from now", () => {
    expect(read({ "x-ratelimit-reset": String(NOW + 60_000) })).toBe(60_000);
    expect(read({ "x-ratelimit-reset": String(NOW / 1000 + 60) })).toBe(60_000);
    expect(read({ "x-ratelimit-reset": "60" })).toBe(60_000);
  });
  test("F46 in the body's copy of the headers", () => {
    expect(read({}, { metadata: { headers: { "X-RateLimit-Reset": String(NOW + 1_500) } } })).toBe(1_500);
  });
  test("past, absurd or malformed is no hint", () => {
    for (const value of [String(NOW - 1), "0", "-1", "6m0s", String(NOW + 400 * 24 * 3_600_000), "1e13"])
      expect(read({ "x-ratelimit-reset": value })).toBeUndefined();
  });
});

test("F48 availability.retry_after counts where no header says more", () => {
  expect(read({}, { availability: { retry_after: 40 } })).toBe(40_000);
  expect(read({ "retry-after": "2" }, { availability: { retry_after: 40 } })).toBe(2_000);
  expect(read({}, { availability: { retry_after: -1 } })).toBeUndefined();
});

test("is never negative, not a number, or beyond a month", () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.double().map(String),
    fc.date({ noInvalidDate: true }).map((at) => at.toUTCString()),
  );
  fc.assert(
    fc.property(value, value, value, fc.anything(), (after, reset, at, metadata) => {
      const hint = read(
        { "retry-after": after, "x-ratelimit-reset": reset, "retry-after-ms": reset, date: at },
        { metadata, availability: metadata },
      );
      expect(hint === undefined || (hint >= 0 && hint <= 32 * 24 * 3_600_000)).toBe(true);
    }),
  );
});
