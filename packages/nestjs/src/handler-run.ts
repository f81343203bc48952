import { AbortedError } from "@signalbox/core";

/** One run of a handler, up to the end of the answer that came of it. */
export class HandlerRun {
  readonly #controller = new AbortController();
  #over = false;

  /** Aborts when the answer is given up; never once it is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  over(): void {
    this.#over = true;
  }

  giveUp(): void {
    if (this.#over) return;
    this.#over = true;
    this.#controller.abort(new AbortedError("aborted", "the handler's answer was given up"));
  }

  /** Stops `source` as soon as the answer is given up, and at once where it has been. */
  stops(source: object): void {
    const { abort } = source as { abort?: unknown };
    if (typeof abort !== "function") return;
    const stop = () => abort.call(source, this.signal.reason);
    if (this.signal.aborted) stop();
    else this.signal.addEventListener("abort", stop, { once: true });
  }
}
