import { AbortedError } from "@signalbox/core";
import type { Stoppable } from "./stream-observable.js";

type Turn = IteratorResult<unknown>;

/** Reads an async iterable that cannot be aborted itself: a generator lets nobody in while it waits for something. */
export class IterableReader implements Stoppable<unknown>, AsyncIterator<unknown> {
  readonly #source: AsyncIterable<unknown>;
  #iterator: AsyncIterator<unknown> | undefined;
  #aborted: AbortedError | undefined;
  #reject: (error: unknown) => void = () => {};

  constructor(source: AsyncIterable<unknown>) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Turn> {
    if (this.#aborted !== undefined) return Promise.reject(this.#aborted);
    this.#iterator ??= this.#source[Symbol.asyncIterator]();
    const turn = this.#iterator.next();
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      turn.then(resolve, reject);
    });
  }

  async return(): Promise<Turn> {
    return (await this.#iterator?.return?.()) ?? { value: undefined, done: true };
  }

  /** Ends the source where it next can be ended; a reader that waits gets an `aborted` error now. */
  abort(reason?: unknown): void {
    if (this.#aborted !== undefined) return;
    this.#aborted = new AbortedError("aborted", "the stream was aborted", { cause: reason });
    this.#reject(this.#aborted);
    // Its reader has been told; what the source says of being stopped interests nobody.
    this.return().catch(() => {});
  }
}
