import { type Clock, systemClock } from "../http/clock.js";
import type { LimitAnswer, LimitEntry, LimitStore } from "./limit-store.js";

/** What a call took, or those of one millisecond together. */
interface Place {
  /** Monotonic milliseconds. */
  at: number;
  weight: number;
  isOver: boolean;
}

interface Window {
  /** Oldest first; those before `first` are over. */
  taken: Place[];
  first: number;
  /** The latest of those that nobody will correct. */
  latest: Place | undefined;
  /** What the places that are not over weigh together. */
  held: number;
  windowMs: number;
  /** Monotonic milliseconds before which nothing passes: a wall clock may be set back. */
  blockedUntil: number;
}

/** What `take` gives for `correct`: the places by their counters. */
class Receipt {
  readonly places = new Map<string, { window: Window; place: Place }>();
}

const SWEEP_FROM = 1_000;

const ROOM: LimitAnswer = Object.freeze({ ok: true });

/** Sliding windows in this process's memory, asked without a wait. A counter takes memory only while its window holds something. */
export class MemoryLimits {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();
  #sweepAt = SWEEP_FROM;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(entries: readonly LimitEntry[]): LimitAnswer {
    if (this.#windows.size >= this.#sweepAt) this.#sweep();
    const now = this.#clock.now();
    let longest: { counter: string; retryAfterMs: number } | undefined;
    for (const entry of entries) {
      const window = this.#windowOf(entry.counter, entry.windowMs);
      prune(window, now);
      const retryAfterMs = waitFor(entry, window, now);
      if (retryAfterMs > (longest?.retryAfterMs ?? 0)) longest = { counter: entry.counter, retryAfterMs };
    }
    if (longest) return { ok: false, ...longest };
    let receipt: Receipt | undefined;
    for (const { counter, windowMs, weight } of entries) {
      const window = this.#windowOf(counter, windowMs);
      if (weight === undefined) {
        count(window, now);
        continue;
      }
      const place = hold(window, now, weight);
      receipt ??= new Receipt();
      receipt.places.set(counter, { window, place });
    }
    return receipt === undefined ? ROOM : { ok: true, receipt };
  }

  correct(receipt: unknown, weights: Readonly<Record<string, number>>): void {
    if (!(receipt instanceof Receipt)) return;
    for (const [counter, { window, place }] of receipt.places) {
      const weight = weights[counter];
      if (weight === undefined || place.isOver) continue;
      window.held += weight - place.weight;
      place.weight = weight;
    }
  }

  block(counter: string, until: number): void {
    if (this.#windows.size >= this.#sweepAt) this.#sweep();
    const window = this.#windowOf(counter, this.#windows.get(counter)?.windowMs ?? 0);
    window.blockedUntil = Math.max(window.blockedUntil, this.#clock.now() + until - this.#clock.date());
  }

  #windowOf(counter: string, windowMs: number): Window {
    const known = this.#windows.get(counter);
    if (known) {
      known.windowMs = windowMs;
      return known;
    }
    const window: Window = {
      taken: [],
      first: 0,
      latest: undefined,
      held: 0,
      windowMs,
      blockedUntil: Number.NEGATIVE_INFINITY,
    };
    this.#windows.set(counter, window);
    return window;
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const [counter, window] of this.#windows) {
      prune(window, now);
      if (window.taken.length === window.first && window.blockedUntil <= now) this.#windows.delete(counter);
    }
    this.#sweepAt = Math.max(SWEEP_FROM, this.#windows.size * 2);
  }
}

/** Sliding windows in this process's memory. */
export function memoryLimitStore(clock: Clock = systemClock): LimitStore {
  return storeOf(new MemoryLimits(clock));
}

/** The same as a store. */
export function storeOf(limits: MemoryLimits): LimitStore {
  return {
    take: async (entries) => limits.take(entries),
    correct: async (receipt, weights) => limits.correct(receipt, weights),
    block: async (counter, until) => limits.block(counter, until),
  };
}

function hold(window: Window, at: number, weight: number): Place {
  const place: Place = { at, weight, isOver: false };
  window.taken.push(place);
  window.held += weight;
  return place;
}

/** Calls of one millisecond share a place: a window holds no more of them than it has milliseconds. */
function count(window: Window, now: number): void {
  const at = Math.ceil(now);
  const { latest } = window;
  if (latest === undefined || latest.at !== at || latest.isOver) {
    window.latest = hold(window, at, 1);
    return;
  }
  latest.weight += 1;
  window.held += 1;
}

function prune(window: Window, now: number): void {
  const { taken } = window;
  const start = now - window.windowMs;
  for (let oldest = taken[window.first]; oldest !== undefined && oldest.at <= start; oldest = taken[window.first]) {
    oldest.isOver = true;
    window.held -= oldest.weight;
    window.first += 1;
  }
  // Moved together only when half of it is over: else every call would move the whole list.
  if (window.first * 2 < taken.length) return;
  taken.splice(0, window.first);
  window.first = 0;
}

/** Until the oldest places that are in the way are over. */
function waitFor({ limit, windowMs, weight = 1 }: LimitEntry, window: Window, now: number): number {
  const { taken, first, held, blockedUntil } = window;
  let wait = blockedUntil - now;
  let over = held + weight - limit;
  for (let at = first; over > 0; at += 1) {
    const place = taken[at];
    wait = Math.max(wait, (place?.at ?? now) + windowMs - now);
    if (place === undefined) break;
    over -= place.weight;
  }
  return wait;
}
