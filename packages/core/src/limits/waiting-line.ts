interface Waiter {
  /** How many may be inside, itself included, when this one enters. */
  places: number;
  enter(): void;
}

/** A first-come, first-served line in front of a number of places. */
export class WaitingLine {
  #taken = 0;
  readonly #waiting: Waiter[] = [];

  readonly #onIdle: () => void;

  /** @param onIdle - nobody holds a place any more, and nobody waits */
  constructor(onIdle: () => void = () => {}) {
    this.#onIdle = onIdle;
  }

  /** Whether a place is free for somebody who comes now. */
  hasPlace(places: number): boolean {
    return this.#taken < places && this.#waiting.length === 0;
  }

  /**
   * Resolves with the function that gives the place back, which may be called more than once.
   * Aborting `signal` rejects with its reason at once and gives up the place in the line.
   */
  enter(places: number, signal: AbortSignal | undefined): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        this.#admit();
        return;
      }
      if (this.hasPlace(places)) return resolve(this.take());
      const waiter: Waiter = {
        places,
        enter: () => {
          signal?.removeEventListener("abort", leave);
          resolve(this.take());
        },
      };
      const leave = () => {
        const position = this.#waiting.indexOf(waiter);
        if (position >= 0) this.#waiting.splice(position, 1);
        reject(signal?.reason);
        // Whoever stood behind may need less room than the head did.
        this.#admit();
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiter);
    });
  }

  /** Takes a place that `hasPlace` has found. Gives what `enter` resolves with. */
  take(): () => void {
    this.#taken += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken -= 1;
      this.#admit();
    };
  }

  /** Lets in whoever is next, as long as there is room by their own measure. */
  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#taken < next.places; next = this.#waiting[0]) {
      this.#waiting.shift();
      next.enter();
    }
    if (this.#taken === 0 && this.#waiting.length === 0) this.#onIdle();
  }
}
