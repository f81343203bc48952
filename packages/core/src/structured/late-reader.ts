import type { StreamEvent } from "../generate/stream-event.js";

type Batches = AsyncIterator<StreamEvent[], undefined>;

/** A reader of batches that is made with the first read, because it has to be loaded before. */
export class LateReader<P> implements AsyncIterator<P> {
  readonly #batches: Batches;
  readonly #open: () => Promise<AsyncIterator<P>>;
  #opening: Promise<AsyncIterator<P>> | undefined;
  #reader: AsyncIterator<P> | undefined;

  constructor(batches: Batches, open: () => Promise<AsyncIterator<P>>) {
    this.#batches = batches;
    this.#open = open;
  }

  /** Calls may overlap; they are answered in order. */
  next(): Promise<IteratorResult<P, undefined>> {
    if (this.#reader !== undefined) return this.#reader.next();
    this.#opening ??= this.#open().catch(async (error: unknown) => {
      // The stream meets the same failure, and `result` learns of it.
      await this.#batches.next();
      throw error;
    });
    return this.#opening.then((reader) => {
      this.#reader = reader;
      return reader.next();
    });
  }

  async return(): Promise<IteratorResult<P, undefined>> {
    const reading: AsyncIterator<unknown> = this.#reader ?? this.#batches;
    await reading.return?.();
    return { value: undefined, done: true };
  }
}
