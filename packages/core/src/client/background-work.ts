import type { Clock } from "../http/clock.js";

/** Work nobody waits for, unless asked to. */
export class BackgroundWork {
  readonly #running = new Set<Promise<void>>();

  /** Keeps track of `work`; a failure of it is handed to `onFault`. */
  add(work: Promise<void>, onFault: (error: unknown) => void): void {
    const tracked = work.catch(onFault).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Resolves when everything under way is done, or after `timeoutMs`. */
  async settled(timeoutMs: number, clock: Clock): Promise<void> {
    if (this.#running.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = clock.after(timeoutMs, resolve, { hold: true });
    await Promise.race([Promise.all(this.#running), promise]);
    timer.clear();
  }
}
