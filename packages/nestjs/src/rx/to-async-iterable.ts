import { AsyncLocalStorage } from "node:async_hooks";
import type { Observable } from "rxjs";
import { ObservableReader } from "../observable-reader.js";
import { type Stoppable, valueOpener } from "../stream-observable.js";

/** How an Observable is read. */
export interface ToAsyncIterableOptions {
  /** How much may wait for a reader that is slow, in bytes, where the source cannot wait. @default 1_048_576 */
  maxBufferBytes?: number | undefined;
}

/**
 * An Observable for who reads async iterables, such as a `@Subscription()` of `@nestjs/graphql`.
 *
 * Shape: cold like its source: the first `next()` subscribes. Observables of `LLMService` as they are wait for their
 * reader; others are kept up to `maxBufferBytes`, then ended with an `aborted` error.
 * Throws: from `next()`, what the source fails with.
 * Cancels: `return()` unsubscribes before it returns, also while a `next()` waits, which then ends as the end does.
 */
export function toAsyncIterable<T>(
  source: Observable<T>,
  { maxBufferBytes = 1_048_576 }: ToAsyncIterableOptions = {},
): AsyncIterableIterator<T> {
  const open = valueOpener(source) ?? (() => new ObservableReader(source, maxBufferBytes));
  // Whoever reads it does so elsewhere; what it asks for belongs to where it was made.
  const here = AsyncLocalStorage.snapshot();
  return new LeavableIterator(() => here(open) as Stoppable<T>, here);
}

/** Iterates something that can be stopped while its next value is waited for. */
class LeavableIterator<T> implements AsyncIterableIterator<T> {
  readonly #open: () => Stoppable<T>;
  readonly #here: <R>(fn: () => R) => R;
  readonly #left = Promise.withResolvers<IteratorResult<T>>();
  #opened: { source: Stoppable<T>; iterator: AsyncIterator<T> } | undefined;
  #isOver = false;

  constructor(open: () => Stoppable<T>, here: <R>(fn: () => R) => R) {
    this.#open = open;
    this.#here = here;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T>> {
    if (this.#isOver) return { value: undefined, done: true };
    if (this.#opened === undefined) {
      const source = this.#open();
      this.#opened = { source, iterator: source[Symbol.asyncIterator]() };
    }
    const { iterator } = this.#opened;
    return Promise.race([this.#here(() => iterator.next()), this.#left.promise]);
  }

  return(): Promise<IteratorResult<T>> {
    this.#isOver = true;
    this.#left.resolve({ value: undefined, done: true });
    this.#opened?.source.abort("the reader has left");
    return this.#left.promise;
  }
}
