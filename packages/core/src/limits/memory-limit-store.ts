import { type Clock, systemClock } from "../http/clock.js";
import type { LimitAnswer, LimitEntry, LimitStore } from "./limit-store.js";

interface Window {
  /** When each place was taken, monotonic milliseconds, oldest first; those before `first` are over. */
  taken: number[];
  first: number;
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
    const window: Window = { taken: [], first: 0, windowMs, blockedUntil: Number.NEGATIVE_INFINITY };
    windows.set(counter, window);
    return window;
  };
  const prune = (window: Window) => {
    const { taken } = window;
    const start = clock.now() - window.windowMs;
    while (window.first < taken.length && (taken[window.first] as number) <= start) window.first += 1;
    // Moved together only when half of it is over: else every call would move the whole list.
    if (window.first * 2 < taken.length) return;
    taken.splice(0, window.first);
    window.first = 0;
  };
  const count = ({ taken, first }: Window) => taken.length - first;
  const sweep = () => {
    for (const [counter, window] of windows) {
      prune(window);
      if (count(window) === 0 && window.blockedUntil <= clock.now()) windows.delete(counter);
    }
    sweepAt = Math.max(SWEEP_FROM, windows.size * 2);
  };
  const waitFor = ({ limit, windowMs }: LimitEntry, window: Window): number => {
    const blocked = window.blockedUntil - clock.now();
    const place = window.taken[window.taken.length - limit];
    const full = count(window) < limit ? 0 : (place ?? clock.now()) + windowMs - clock.now();
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
