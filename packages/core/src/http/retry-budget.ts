/**
 * Bounds the retries of a client as a whole: each takes a token, each success gives one back. Against an upstream that
 * answers nothing, a client spends at most `capacity` retries, however many calls run at once.
 */
export class RetryBudget {
  readonly #capacity: number;
  #tokens: number;

  constructor(capacity = 100) {
    this.#capacity = capacity;
    this.#tokens = capacity;
  }

  /** False where no retry is left. */
  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  succeeded(): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + 1);
  }
}
