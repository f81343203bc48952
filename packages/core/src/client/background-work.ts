import type { Clock } from "../http/clock.js";

/** Work nobody waits for, unless asked to. */
export class BackgroundWork {
  readonly #running = new Set<Promise<void>>();

  /** Keeps track of `work`; a failure of it is handed to `onFault`. */
  add(work: Promise<void>, onFault: (error: unknown) => void): void {
    const tracked = work.catch(onFault).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Resolves when everything under way is done, what it or a call that just ended begins included, or after `timeoutMs`. */
  async settled(timeoutMs: number, clock: Clock): Promise<void> {
    // A stream that was left in this turn comes to its look-up in the next.
    await turnOfTheLoop();
    if (this.#running.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    let timeIsUp = false;
    const timer = clock.after(
      timeoutMs,
      () => {
        timeIsUp = true;
        resolve();
      },
      { hold: true },
    );
    while (this.#running.size > 0 && !timeIsUp) {
      await Promise.race([Promise.all(this.#running), promise]);
      await turnOfTheLoop();
    }
    timer.clear();
  }
}

const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve));
