import { expect, test } from "vitest";
import { RequestWindows } from "./request-windows.js";

const MINUTE = 60_000;

function windowsAt(start: number) {
  let now = start;
  const windows = new RequestWindows(() => now);
  const take = (limit: number, ...counters: string[]) =>
    windows.take(counters.map((counter) => ({ counter, limit, windowMs: MINUTE })));
  const pass = (ms: number) => {
    now += ms;
  };
  return { windows, take, pass };
}

test("a window slides: each place frees a minute after it was taken", async () => {
  const { take, pass } = windowsAt(0);
  expect(await take(2, "ann")).toEqual({ ok: true });
  pass(20_000);
  expect(await take(2, "ann")).toEqual({ ok: true });
  expect(await take(2, "ann")).toEqual({ ok: false, counter: "ann", retryAfterMs: 40_000 });
  pass(39_999);
  expect(await take(2, "ann")).toMatchObject({ ok: false, retryAfterMs: 1 });
  pass(1);
  expect(await take(2, "ann")).toEqual({ ok: true });
});

test("places are taken under all counters or under none", async () => {
  const { take, pass } = windowsAt(0);
  await take(1, "ann");
  pass(1_000);
  expect(await take(1, "bob", "ann")).toEqual({ ok: false, counter: "ann", retryAfterMs: 59_000 });
  expect(await take(1, "bob")).toEqual({ ok: true });
});

test("callers that went quiet are forgotten", async () => {
  const { windows, take, pass } = windowsAt(0);
  for (let caller = 0; caller < 1_000; caller++) await take(1, `caller ${caller}`);
  expect(windows.size).toBe(1_000);
  pass(MINUTE);
  await take(1, "one more");
  expect(windows.size).toBe(1);
});
