import { expect, it } from "vitest";
import { ManualClock } from "./manual-clock.js";

it("a sleeper that leaves is waited for no more", async () => {
  const clock = new ManualClock(0);
  const leaving = new AbortController();
  const left = clock.wait(100, leaving.signal);
  leaving.abort();
  await left;
  let moved = false;
  const moving = clock.advance(10).then(() => {
    moved = true;
  });
  await new Promise(setImmediate);
  expect([moved, clock.now()]).toEqual([false, 0]);
  const staying = clock.wait(10, new AbortController().signal);
  await Promise.all([moving, staying]);
  expect(clock.now()).toBe(10);
});
