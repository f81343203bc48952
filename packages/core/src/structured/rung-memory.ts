import type { Strategy } from "./schema.js";

const MOST_MODELS = 1_000;

/** A rung, or the JSON mode that the last rung uses where there is one. */
export type Means = Strategy | "json_mode";

/** Which rungs a model has refused, so that no second call pays for finding out. One per client. */
export class RungMemory {
  readonly #refused = new Map<string, Map<Means, number>>();
  readonly #now: () => number;
  readonly #forgetMs: number;

  /**
   * @param now - monotonic milliseconds
   * @param forgetMs - how long a refusal holds: it may have been that of one provider which was routed to
   */
  constructor(now: () => number = () => performance.now(), forgetMs = 3_600_000) {
    this.#now = now;
    this.#forgetMs = forgetMs;
  }

  refuse(model: string, means: Means): void {
    const rungs = this.#refused.get(model) ?? new Map<Means, number>();
    rungs.set(means, this.#now() + this.#forgetMs);
    this.#refused.delete(model);
    this.#refused.set(model, rungs);
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > MOST_MODELS && oldest !== undefined) this.#refused.delete(oldest);
  }

  hasRefused(model: string, means: Means): boolean {
    return (this.#refused.get(model)?.get(means) ?? Number.NEGATIVE_INFINITY) > this.#now();
  }

  /** The rungs that the model has not refused lately; the last one where it has refused them all. */
  usable(model: string, ladder: readonly Strategy[]): Strategy[] {
    const left = ladder.filter((rung) => !this.hasRefused(model, rung));
    return left.length > 0 ? left : ladder.slice(-1);
  }
}
