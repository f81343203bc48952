import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRateLimit, readRetryAfter } from "./read-retry-after.js";

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
  test.each([
    "-5",
    "soon",
    "1e99",
    "0.5",
    "",
    "NaN",
    "Infinity",
    "99999999999",
    "2026",
    "Fri, 99 Foo 2026",
    "0x10",
    "1e5",
  ])("%j is no hint", (value) => {
    const hint = read({ "retry-after": value });
    expect(hint).toBe(value === "2026" ? 2_026_000 : undefined);
  });
});

describe("the bounds of a hint", () => {
  test("up to 32 days", () => {
    const most = 32 * 24 * 3_600;
    expect(read({ "retry-after": String(most) })).toBe(most * 1_000);
    expect(read({ "retry-after": String(most + 1) })).toBeUndefined();
  });
  test("milliseconds may have decimals, seconds in a header may not", () => {
    expect(read({ "retry-after-ms": "250.25" })).toBe(251);
    expect(read({ "retry-after": "2.0" })).toBeUndefined();
    expect(read({}, { availability: { retry_after: 0.5 } })).toBe(500);
  });
  test("a list is no number", () => {
    expect(read({}, { availability: { retry_after: ["40"] } })).toBeUndefined();
  });
  test("a date has the name of its day in front and at most 60 characters", () => {
    const at = date(NOW + 90_000);
    expect(read({ "retry-after": at.padEnd(60) })).toBe(90_000);
    expect(read({ "retry-after": at.padEnd(61) })).toBeUndefined();
    expect(read({ "retry-after": `on ${at}` })).toBeUndefined();
    expect(read({ "retry-after": at.replace("Mon,", "Monday,") })).toBe(90_000);
  });
});

describe("X-RateLimit-Reset", () => {
  test("F46 in milliseconds, in seconds, or from now", () => {
    expect(read({ "x-ratelimit-reset": String(NOW + 60_000) })).toBe(60_000);
    expect(read({ "x-ratelimit-reset": String(NOW / 1000 + 60) })).toBe(60_000);
    expect(read({ "x-ratelimit-reset": "60" })).toBe(60_000);
  });
  test("F46 from 10^12 on in milliseconds, from 10^9 on in seconds, whatever the year", () => {
    const early = (reset: string) => readRetryAfter({ headers: { "x-ratelimit-reset": reset }, now: 1e12 - 5_000 });
    expect([early("1000000000000"), early("1000000000"), early("999999999")]).toEqual([5_000, 5_000, undefined]);
  });
  test("F43 Retry-After in the body's copy of the headers counts before the reset beside it", () => {
    const headers = { "Retry-After": "3", "X-RateLimit-Reset": "60" };
    expect(read({}, { metadata: { headers } })).toBe(3_000);
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

test("R5 retry_after_seconds of the body counts behind availability, and beside the message before metadata", () => {
  const metadata = { retry_after_seconds: 3, headers: { "Retry-After": "9" } };
  expect(read({}, { metadata })).toBe(3_000);
  expect(read({}, { metadata, retry_after_seconds: 1.5 })).toBe(1_500);
  expect(read({}, { metadata, retry_after_seconds: 1.5, availability: { retry_after: 0 } })).toBe(0);
  expect(read({}, { metadata: { retry_after_seconds: "soon" }, retry_after_seconds: -1 })).toBeUndefined();
});

test("the size of the window is told by a header, or by the body's copy of it", () => {
  const inBody = (limit: string) => ({ metadata: { headers: { "X-RateLimit-Limit": limit } } });
  const limit = "x-ratelimit-limit";
  expect(readRateLimit({ headers: { [limit]: "20" }, error: inBody("50") })).toBe(20);
  expect(readRateLimit({ headers: {}, error: inBody("50") })).toBe(50);
  expect(readRateLimit({ headers: { [limit]: "1" } })).toBe(1);
  for (const none of ["0", "-1", "many", "", "0.5"])
    expect(readRateLimit({ headers: { [limit]: none } })).toBeUndefined();
  for (const error of [undefined, {}, { metadata: "x" }, { metadata: { headers: ["50"] } }])
    expect(readRateLimit({ headers: {}, error })).toBeUndefined();
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
