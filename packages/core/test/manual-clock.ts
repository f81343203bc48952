import type { Clock, Timer } from "../src/http/clock.js";

interface Due {
  at: number;
  order: number;
  callback: () => void;
}

/**
 * A clock that a test moves. Time stands still until `advance`; chance is what `randoms` says, in turn, else `random`.
 */
export class ManualClock implements Clock {
  /** Given out by `random()` once `randoms` is used up. */
  fixedRandom = 0.5;
  /** Given out by `random()` first, in order. */
  readonly randoms: number[] = [];
  #now = 0;
  #date: number;
  #order = 0;
  readonly #timers = new Set<Due>();
  #watchers: { enough: (waits: number[]) => boolean; resolve: () => void }[] = [];

  constructor(date = Date.UTC(2026, 10, 23)) {
    this.#date = date;
  }

  now(): number {
    return this.#now;
  }

  date(): number {
    return this.#date;
  }

  random(): number {
    return this.randoms.shift() ?? this.fixedRandom;
  }

  after(ms: number, callback: () => void): Timer {
    const due: Due = { at: this.#now + Math.max(0, ms), order: this.#order++, callback };
    this.#timers.add(due);
    this.#tellWatchers();
    return { clear: () => void this.#timers.delete(due) };
  }

  /** Milliseconds left on every running timer, shortest first. */
  get pending(): number[] {
    return [...this.#timers].map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }

  /** Lets `ms` pass and runs what falls due, in order, with timers that callbacks set on the way. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#moveTo(next.at);
      next.callback();
    }
    this.#moveTo(end);
  }

  /** Lets the wall clock jump, as after a correction; timers do not notice. */
  jump(ms: number): void {
    this.#date += ms;
  }

  /** Resolves once a timer of exactly `ms` runs: how a test knows that a wait has begun. */
  waiting(ms: number): Promise<void> {
    return this.until((waits) => waits.includes(ms));
  }

  /** Resolves once the running timers satisfy `enough`. */
  until(enough: (waits: number[]) => boolean): Promise<void> {
    if (enough(this.pending)) return Promise.resolve();
    return new Promise((resolve) => this.#watchers.push({ enough, resolve }));
  }

  #moveTo(now: number): void {
    this.#date += now - this.#now;
    this.#now = now;
  }

  #tellWatchers(): void {
    const waits = this.pending;
    this.#watchers = this.#watchers.filter(({ enough, resolve }) => {
      if (!enough(waits)) return true;
      resolve();
      return false;
    });
  }
}
