import { expect, test } from "vitest";
import { resolveClocks, resolveRetry } from "./call-defaults.js";

test("retries: 2, 500 ms doubled up to 8 s, 30 s in all, key by key", () => {
  const defaults = { maxRetries: 2, baseDelayMs: 500, maxDelayMs: 8_000, maxTotalMs: 30_000 };
  expect(resolveRetry(undefined, { maxRetries: undefined })).toEqual(defaults);
  expect(resolveRetry({ maxRetries: 5 }, { maxDelayMs: 9 })).toEqual({ ...defaults, maxRetries: 5, maxDelayMs: 9 });
});

test("R8 false switches retries off, and a later layer on again", () => {
  expect([resolveRetry({ maxRetries: 5 }, false), resolveRetry(false, { maxRetries: 1 })]).toMatchObject([
    false,
    { maxRetries: 1, baseDelayMs: 500 },
  ]);
});

test("clocks: the first token is bounded only where nothing streams; undefined hides nothing", () => {
  expect(resolveClocks(true, { idleMs: 5 }, { idleMs: undefined, totalMs: 9 })).toEqual({
    connectMs: 10_000,
    firstTokenMs: 0,
    idleMs: 5,
    totalMs: 9,
  });
  expect(resolveClocks(false).firstTokenMs).toBe(600_000);
});
