import type { LimitAnswer, LimitEntry } from "@signalbox/core";

interface Window {
  /** When each place was taken, in milliseconds, oldest first. */
  taken: number[];
  windowMs: number;
}

const SWEEP_FROM = 1_000;

/** Sliding windows of requests in this process's memory; one that has run empty is forgotten. */
export class RequestWindows {
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();
  #sweepAt = SWEEP_FROM;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  async take(entries: readonly LimitEntry[]): Promise<LimitAnswer> {
    if (this.#windows.size >= this.#sweepAt) this.#sweep();
    const now = this.#now();
    const asked = entries.map((entry) => ({ entry, window: this.#windowOf(entry) }));
    const waits = asked.map(({ entry: { counter, limit, windowMs }, window: { taken } }) => ({
      counter,
      retryAfterMs: taken.length < limit ? 0 : Math.ceil((taken[taken.length - limit] ?? now) + windowMs - now),
    }));
    const [longest] = waits.sort((one, other) => other.retryAfterMs - one.retryAfterMs);
    if (longest !== undefined && longest.retryAfterMs > 0) return { ok: false, ...longest };
    for (const { window } of asked) window.taken.push(now);
    return { ok: true };
  }

  /** How many callers are remembered. */
  get size(): number {
    return this.#windows.size;
  }

  #windowOf({ counter, windowMs }: LimitEntry): Window {
    const window = this.#windows.get(counter) ?? { taken: [], windowMs };
    this.#windows.set(counter, window);
    this.#prune(window);
    return window;
  }

  #prune({ taken, windowMs }: Window): void {
    const start = this.#now() - windowMs;
    const first = taken.findIndex((at) => at > start);
    taken.splice(0, first < 0 ? taken.length : first);
  }

  #sweep(): void {
    for (const [counter, window] of this.#windows) {
      this.#prune(window);
      if (window.taken.length === 0) this.#windows.delete(counter);
    }
    this.#sweepAt = Math.max(SWEEP_FROM, this.#windows.size * 2);
  }
}
