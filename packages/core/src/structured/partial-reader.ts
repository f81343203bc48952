import type { StreamEvent } from "../generate/stream-event.js";
import { PartialJsonParser } from "./partial/partial-json-parser.js";

export interface PartialReaderOptions {
  /** The object stands under `value`. */
  wrapped: boolean;
  /** One partial for each delta, not for each batch. */
  perDelta: boolean;
}

/** Reads batches of events and gives the object as far as it has come. */
export class PartialReader<P> implements AsyncIterator<P> {
  readonly #batches: AsyncIterator<StreamEvent[], undefined>;
  readonly #options: () => PartialReaderOptions;
  #batch: readonly StreamEvent[] = [];
  #position = 0;
  #known: PartialReaderOptions | undefined;
  #parser: PartialJsonParser | undefined;
  #last: unknown;
  #tail: Promise<void> = Promise.resolve();

  constructor(batches: AsyncIterator<StreamEvent[], undefined>, options: () => PartialReaderOptions) {
    this.#batches = batches;
    this.#options = options;
  }

  /** Calls may overlap; they are answered in order. */
  next(): Promise<IteratorResult<P, undefined>> {
    const turn = this.#tail.then(() => this.#advance());
    this.#tail = turn.then(
      () => {},
      () => {},
    );
    return turn;
  }

  async #advance(): Promise<IteratorResult<P, undefined>> {
    for (;;) {
      if (this.#position === this.#batch.length) {
        const read = await this.#batches.next();
        if (read.done) return { value: undefined, done: true };
        this.#batch = read.value;
        this.#position = 0;
      }
      if (!this.#feed()) continue;
      const partial = this.#partial();
      if (partial === undefined || partial === this.#last) continue;
      this.#last = partial;
      return { value: partial as P, done: false };
    }
  }

  async return(): Promise<IteratorResult<P, undefined>> {
    this.#batch = [];
    this.#position = 0;
    await this.#batches.return?.();
    return { value: undefined, done: true };
  }

  /** Feeds the next delta, or all of the batch; true where there was any. */
  #feed(): boolean {
    let fed = false;
    while (this.#position < this.#batch.length) {
      const event = this.#batch[this.#position++] as StreamEvent;
      if (event.type === "step-start") this.#parser = undefined;
      if (event.type !== "text-delta") continue;
      this.#parser ??= this.#createParser();
      this.#parser.feed(event.text);
      fed = true;
      if (this.#known?.perDelta) break;
    }
    return fed;
  }

  /** A bracket in prose must not pass for the answer: what is asked for has an object at its root. */
  #createParser(): PartialJsonParser {
    this.#known ??= this.#options();
    return new PartialJsonParser(this.#known.wrapped ? { newLevels: 2 } : { opening: "{" });
  }

  #partial(): unknown {
    const snapshot = this.#parser?.snapshot();
    if (!this.#known?.wrapped || Array.isArray(snapshot)) return snapshot;
    const root = snapshot as { value?: unknown } | undefined;
    return root !== undefined && Object.hasOwn(root, "value") ? root.value : undefined;
  }
}
