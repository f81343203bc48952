import { AbortedError } from "@signalbox/core";
import { type Observable, type Subscription, takeWhile } from "rxjs";
import type { Stoppable } from "./stream-observable.js";

type Turn = IteratorResult<unknown>;

/**
 * Reads an Observable at its reader's pace. An Observable cannot be asked to wait, so what nobody has taken yet is
 * kept, up to a bound; beyond it the source is unsubscribed and the reader gets an error behind what was kept.
 */
export class ObservableReader implements Stoppable<unknown>, AsyncIterator<unknown> {
  readonly #source: Observable<unknown>;
  readonly #maxBytes: number;
  #subscription: Subscription | undefined;
  #kept: { value: unknown; bytes: number }[] = [];
  #keptBytes = 0;
  #end: { error?: unknown } | undefined;
  #waiting: PromiseWithResolvers<Turn> | undefined;

  constructor(source: Observable<unknown>, maxBytes: number) {
    this.#source = source;
    this.#maxBytes = maxBytes;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Turn> {
    const first = this.#kept.shift();
    if (first !== undefined) {
      this.#keptBytes -= first.bytes;
      return Promise.resolve({ value: first.value, done: false });
    }
    if (this.#end !== undefined) return this.#last();
    this.#waiting = Promise.withResolvers<Turn>();
    const { promise } = this.#waiting;
    this.#subscribe();
    return promise;
  }

  async return(): Promise<Turn> {
    this.abort("the reader has left");
    return { value: undefined, done: true };
  }

  /** Unsubscribes from the source; a reader that still reads gets an `aborted` error. */
  abort(reason?: unknown): void {
    this.#kept = [];
    this.#finish({ error: new AbortedError("aborted", "the stream was aborted", { cause: reason }) });
  }

  #subscribe(): void {
    if (this.#subscription !== undefined) return;
    // A source that emits while it is subscribed to can only be stopped from inside.
    this.#subscription = this.#source.pipe(takeWhile(() => this.#end === undefined)).subscribe({
      next: (value) => this.#take(value),
      error: (error: unknown) => this.#finish({ error }),
      complete: () => this.#finish({}),
    });
    if (this.#end !== undefined) this.#subscription.unsubscribe();
  }

  #take(value: unknown): void {
    if (this.#waiting !== undefined) {
      this.#waiting.resolve({ value, done: false });
      this.#waiting = undefined;
      return;
    }
    const bytes = sizeOf(value);
    if (bytes instanceof Error) {
      this.#finish({ error: bytes });
    } else if (this.#keptBytes + bytes > this.#maxBytes) {
      const detail = `the client reads too slowly: more than ${this.#maxBytes} bytes were waiting for it`;
      this.#finish({ error: new AbortedError("aborted", detail) });
    } else {
      this.#kept.push({ value, bytes });
      this.#keptBytes += bytes;
    }
  }

  #finish(end: { error?: unknown }): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#subscription?.unsubscribe();
    if (this.#waiting !== undefined) this.#last().then(this.#waiting.resolve, this.#waiting.reject);
  }

  /** The error comes once; after it, as after the end, there is nothing more. */
  #last(): Promise<Turn> {
    const end = this.#end ?? {};
    this.#end = {};
    return "error" in end ? Promise.reject(end.error) : Promise.resolve({ value: undefined, done: true });
  }
}

/** What a value takes when it is written; even an empty one is kept somewhere. An error for what JSON cannot say. */
function sizeOf(value: unknown): number | Error {
  try {
    return Math.max(1, Buffer.byteLength(typeof value === "string" ? value : (JSON.stringify(value) ?? "")));
  } catch (error) {
    return error instanceof Error ? error : new TypeError("a value cannot be written as JSON", { cause: error });
  }
}
