import { onTestFinished, vi } from "vitest";

/** Puts timers and dates of this process into the test's hands until it ends; gives what moves them on. */
export function movedClock(): (ms: number) => Promise<void> {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  });
  onTestFinished(() => void vi.useRealTimers());
  return async (ms) => {
    await vi.advanceTimersByTimeAsync(ms);
  };
}
