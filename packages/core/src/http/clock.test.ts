import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./clock.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const LONGEST = 2 ** 31 - 1;

test.each([LONGEST + 1, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
  "a timer of %d ms, longer than Node's longest, does not fire at once",
  (ms) => {
    const fired = vi.fn();
    systemClock.after(ms, fired);
    vi.advanceTimersByTime(LONGEST - 1);
    expect(fired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledOnce();
  },
);

test("a timer that was cleared, even twice, never fires", () => {
  const fired = vi.fn();
  const timer = systemClock.after(10, fired);
  timer.clear();
  timer.clear();
  vi.advanceTimersByTime(LONGEST);
  expect(fired).not.toHaveBeenCalled();
});
