import type { StreamEvent } from "./stream-event.js";

export type Batch = StreamEvent[] | undefined;
export type OnBatch<T> = (batch: Batch) => T | Promise<T>;
export type OnFailure<T> = (error: unknown) => T | Promise<T>;

/** What a reader needs of its stream. */
export interface ReadableStreamOfEvents {
  readonly aborted: boolean;
  pull<T>(onBatch: OnBatch<T>, onFailure: OnFailure<T>): Promise<T>;
  abort(reason: unknown): void;
}

const NOTHING: readonly StreamEvent[] = Object.freeze([]);

/** The one reader of a stream: what `pick` makes of each event, one at a time; undefined passes over it. */
export class EventReader<T> implements AsyncIterableIterator<T, undefined> {
  readonly #stream: ReadableStreamOfEvents;
  readonly #pick: (event: StreamEvent) => T | undefined;
  #batch = NOTHING;
  #position = 0;
  #left = false;
  #waiting = 0;
  #last: Promise<IteratorResult<T, undefined>> | undefined;

  constructor(stream: ReadableStreamOfEvents, pick: (event: StreamEvent) => T | undefined) {
    this.#stream = stream;
    this.#pick = pick;
  }

  /** Calls that overlap are answered one after the other, so that none takes another's batch. */
  next(): Promise<IteratorResult<T, undefined>> {
    const found = this.#waiting === 0 ? this.#fromBatch() : undefined;
    if (found !== undefined) return Promise.resolve(found);
    const fetch = () => this.#fetch();
    const isFirst = this.#waiting === 0 || this.#last === undefined;
    this.#waiting += 1;
    this.#last = isFirst ? Promise.resolve(fetch()) : this.#last?.then(fetch, fetch);
    return this.#last as Promise<IteratorResult<T, undefined>>;
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#left = true;
    this.#batch = NOTHING;
    this.#stream.abort("the reader left the loop");
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #fetch(): IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>> {
    const found = this.#fromBatch();
    if (found !== undefined || this.#left) return this.#answer(found);
    return this.#stream.pull(this.#onBatch, this.#onFailure);
  }

  readonly #onBatch = (batch: Batch): IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>> => {
    if (batch === undefined || this.#left) return this.#answer(undefined);
    this.#batch = batch;
    this.#position = 0;
    return this.#fetch();
  };

  readonly #onFailure = (error: unknown): never => {
    this.#waiting -= 1;
    throw error;
  };

  #answer(found: IteratorResult<T, undefined> | undefined): IteratorResult<T, undefined> {
    this.#waiting -= 1;
    return found ?? { value: undefined, done: true };
  }

  #fromBatch(): IteratorResult<T, undefined> | undefined {
    while (this.#position < this.#batch.length && !this.#stream.aborted) {
      const value = this.#pick(this.#batch[this.#position++] as StreamEvent);
      if (value !== undefined) return { value, done: false };
    }
    // Not kept until the next one comes: there may be many streams that wait.
    this.#batch = NOTHING;
    this.#position = 0;
    return undefined;
  }
}
