import type { Clock, Timer } from "../http/clock.js";
import { abortedWhileWaiting } from "./before-abort.js";
import { type NoPlace, noPlace } from "./no-place.js";

/** A window that opened within the bound may still be asked for: a store gets at least so long for its answer. */
const STORE_MS = 1_000;

/**
 * One call's whole waiting for a place: its signal fires with the error that ends it, when the time is used up or the
 * caller aborts. `end()` must be called.
 */
export class BoundedWait {
  readonly #clock: Clock;
  readonly #until: number;
  readonly #ended = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #onAbort: () => void;
  readonly #reason: () => NoPlace;
  #timer: Timer;

  /** @param reason - why there is no place yet: it goes into the error of a wait that ran out */
  constructor(clock: Clock, maxWaitMs: number, outer: AbortSignal | undefined, reason: () => NoPlace) {
    this.#clock = clock;
    this.#until = clock.now() + maxWaitMs;
    this.#outer = outer;
    this.#onAbort = () => this.#ended.abort(abortedWhileWaiting(outer));
    outer?.addEventListener("abort", this.#onAbort, { once: true });
    this.#reason = reason;
    this.#timer = this.#bound();
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get leftMs(): number {
    return this.#until - this.#clock.now();
  }

  /** The caller's own signal fired. */
  get isAborted(): boolean {
    return this.#outer?.aborted === true;
  }

  /**
   * Waits for `ms`, or until `woken` resolves where that is earlier; without it `ms` must fit into `leftMs`. Rejects with
   * the signal's reason when the caller aborts, or when the time is used up first.
   */
  sleep(ms: number, woken?: Promise<void>): Promise<void> {
    const { signal } = this;
    const fits = ms <= this.leftMs;
    // A wait that fits must not lose a race against the bound that it fits into.
    if (fits) this.#timer.clear();
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stop = () => {
        timer?.clear();
        reject(signal.reason);
      };
      let isOver = false;
      const wake = () => {
        if (isOver || signal.aborted) return;
        isOver = true;
        timer?.clear();
        signal.removeEventListener("abort", stop);
        if (fits) this.#timer = this.#bound(STORE_MS);
        resolve();
      };
      // The caller waits while no socket is open: nothing else keeps the process alive.
      const timer = fits ? this.#clock.after(ms, wake, { hold: true }) : undefined;
      signal.addEventListener("abort", stop, { once: true });
      void woken?.then(wake);
    });
  }

  end(): void {
    this.#timer.clear();
    this.#outer?.removeEventListener("abort", this.#onAbort);
  }

  #bound(leastMs = 0): Timer {
    const end = () => this.#ended.abort(noPlace(this.#reason()));
    return this.#clock.after(Math.max(leastMs, this.leftMs), end, { hold: true });
  }
}
