import type { Response } from "express";
import { lastOnItsConnection, shuttingDown } from "./shutting-down.js";

/** How long the closing words of aborted answers may take to reach their callers. */
const LAST_WORDS_MS = 1_000;

/** The requests that are being answered, and how they come to their end. */
export class LiveRequests {
  readonly #live = new Map<Response, AbortController>();
  #draining = false;
  #idle: PromiseWithResolvers<void> | undefined;

  /** True for requests that arrive once no request is let in any more. */
  refuses(res: Response): boolean {
    return this.#draining && !this.#live.has(res);
  }

  /** A signal that aborts with `departure`, or when the request is still answered at the end of the grace period. */
  enter(res: Response, departure: AbortSignal): AbortSignal {
    // Whoever has left, or has its answer, says no `close` any more.
    if (departure.aborted || res.writableFinished) return departure;
    const known = this.#live.get(res);
    if (known !== undefined) return known.signal;
    const controller = new AbortController();
    departure.addEventListener("abort", () => controller.abort(departure.reason), { once: true });
    this.#live.set(res, controller);
    res.once("close", () => this.#leave(res));
    return controller.signal;
  }

  /** Lets nobody in, gives those inside `graceMs`, aborts the rest and gives it a moment to say so. */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    for (const res of this.#live.keys()) lastOnItsConnection(res);
    await this.#until(graceMs);
    if (this.#live.size === 0) return;
    for (const controller of this.#live.values()) controller.abort(shuttingDown());
    await this.#until(LAST_WORDS_MS);
  }

  #leave(res: Response): void {
    this.#live.delete(res);
    if (this.#live.size === 0) this.#idle?.resolve();
  }

  /** Waits until nobody is inside, `ms` at most. */
  async #until(ms: number): Promise<void> {
    if (this.#live.size === 0 || ms <= 0) return;
    this.#idle = Promise.withResolvers<void>();
    const timer = setTimeout(this.#idle.resolve, ms);
    await this.#idle.promise;
    clearTimeout(timer);
  }
}
