import { createError } from "../errors/error-classes.js";
import type { Clock } from "../http/clock.js";

/** Counts the calls under way, and lets none in once the client is closing. */
export class ActiveCalls {
  #count = 0;
  #closing = false;
  #idle: PromiseWithResolvers<void> | undefined;

  /** Lets a call in; the function it returns, idempotent, says that the call is over. */
  enter(): () => void {
    if (this.#closing) throw createError("aborted", "the client was closed");
    this.#count += 1;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#count -= 1;
      if (this.#count === 0) this.#idle?.resolve();
    };
  }

  /** Lets nobody in any more; resolves when the last call is over, or after `graceMs`. */
  async close(graceMs: number, clock: Clock): Promise<void> {
    this.#closing = true;
    if (this.#count === 0 || graceMs <= 0) return;
    this.#idle = Promise.withResolvers<void>();
    const timer = clock.after(graceMs, this.#idle.resolve, { hold: true });
    await this.#idle.promise;
    timer.clear();
  }
}
