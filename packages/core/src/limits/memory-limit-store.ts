import { type Clock, systemClock } from "../http/clock.js";
import type { LimitAnswer, LimitEntry, LimitStore } from "./limit-store.js";

interface Window {
  /** When each place was taken, monotonic milliseconds, oldest first. */
  taken: number[];
  windowMs: number;
  /** Monotonic milliseconds before which nothing passes: a wall clock may be set back. */
  blockedUntil: number;
}

const SWEEP_FROM = 1_000;

/** Sliding windows in this process's memory. A counter takes memory only while its window holds something. */
export function memoryLimitStore(clock: Clock = systemClock): LimitStore {
  const windows = new Map<string, Window>();
  let sweepAt = SWEEP_FROM;

  const windowOf = (counter: string, windowMs: number): Window => {
    const known = windows.get(counter);
    if (known) {
      known.windowMs = windowMs;
      return known;
    }
    const window: Window = { taken: [], windowMs, blockedUntil: Number.NEGATIVE_INFINITY };
    windows.set(counter, window);
    return window;
  };
  const prune = (window: Window) => {
    const start = clock.now() - window.windowMs;
    const first = window.taken.findIndex((at) => at > start);
    window.taken.splice(0, first < 0 ? window.taken.length : first);
  };
  const sweep = () => {
    for (const [counter, window] of windows) {
      prune(window);
      if (window.taken.length === 0 && window.blockedUntil <= clock.now()) windows.delete(counter);
    }
    sweepAt = Math.max(SWEEP_FROM, windows.size * 2);
  };
  const waitFor = ({ limit, windowMs }: LimitEntry, window: Window): number => {
    const blocked = window.blockedUntil - clock.now();
    const place = window.taken[window.taken.length - limit];
    const full = window.taken.length < limit ? 0 : (place ?? clock.now()) + windowMs - clock.now();
    return Math.max(blocked, full);
  };

  return {
    async take(entries: LimitEntry[]): Promise<LimitAnswer> {
      if (windows.size >= sweepAt) sweep();
      const found = entries.map((entry) => ({ entry, window: windowOf(entry.counter, entry.windowMs) }));
      let longest: { counter: string; retryAfterMs: number } | undefined;
      for (const { entry, window } of found) {
        prune(window);
        const retryAfterMs = waitFor(entry, window);
        if (retryAfterMs > (longest?.retryAfterMs ?? 0)) longest = { counter: entry.counter, retryAfterMs };
      }
      if (longest) return { ok: false, ...longest };
      for (const { window } of found) window.taken.push(clock.now());
      return { ok: true };
    },
    async block(counter, until) {
      if (windows.size >= sweepAt) sweep();
      const window = windowOf(counter, windows.get(counter)?.windowMs ?? 0);
      window.blockedUntil = Math.max(window.blockedUntil, clock.now() + until - clock.date());
    },
  };
}
