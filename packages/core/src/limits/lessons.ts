import type { Clock } from "../http/clock.js";
import { isFreeModel } from "./is-limited.js";

/** What a 429 told. */
export interface LimitLesson {
  key: string;
  model: string;
  retryAfterMs?: number | undefined;
  /** Requests a minute, where told. */
  limit?: number | undefined;
}

/** The limit, or only that there is one; until when nothing passes, monotonic milliseconds. */
interface Learned {
  limit: number | undefined;
  pausedUntil: number;
}

const MINUTE = 60_000;
const LESSONS_KEPT = 10_000;

/** What 429 answers told of counters; the oldest are forgotten. */
export class Lessons {
  readonly #clock: Clock;
  readonly #learned = new Map<string, Learned>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#learned.size === 0;
  }

  get(counter: string): Learned | undefined {
    return this.#learned.get(counter);
  }

  /**
   * Remembers until when nothing passes, and how many requests a minute there are. One that tells the limit of a free
   * model is the account's own, for all free models together; any other is about that model alone.
   *
   * @returns the counter that it is about
   */
  add({ key, model, retryAfterMs, limit }: LimitLesson): string {
    const counter = isFreeModel(model) && limit !== undefined ? freeCounter(key) : upstreamCounter(key, model);
    const isPerMinute = retryAfterMs === undefined || retryAfterMs <= MINUTE;
    const told =
      limit !== undefined && Number.isFinite(limit) && limit >= 1 && isPerMinute ? Math.floor(limit) : undefined;
    const known = this.#learned.get(counter);
    this.#learned.delete(counter);
    const pausedUntil = Math.max(known?.pausedUntil ?? 0, this.#clock.now() + (retryAfterMs ?? 0));
    this.#learned.set(counter, { limit: told ?? known?.limit, pausedUntil });
    const oldest = this.#learned.keys().next();
    if (this.#learned.size > LESSONS_KEPT && !oldest.done) this.#learned.delete(oldest.value);
    return counter;
  }
}

/** All free models of an account together. */
export const freeCounter = (key: string) => `free:${key}`;

/** One model of an account. */
export const upstreamCounter = (key: string, model: string) => `upstream:${key}:${model}`;
