import type { GenerateResult } from "../generate/generate-result.js";
import type { StreamEvent } from "../generate/stream-event.js";
import type { StructuredResult, StructuredStream } from "../generate/structured-types.js";
import { LateReader } from "./late-reader.js";
import type { PartialReaderOptions } from "./partial-reader.js";
import { structuredPart } from "./structured-part.js";

/** The stream of events underneath: one reader, which may also take whole batches. */
export interface BatchStream extends AsyncDisposable {
  readonly events: AsyncIterable<StreamEvent>;
  readonly result: Promise<GenerateResult>;
  /** The same reader, one array of events for each network read. */
  batches(): AsyncIterator<StreamEvent[], undefined>;
  abort(reason?: unknown): void;
}

/** The stream that `streamStructured()` returns. Reading, draining and aborting are those of the stream underneath. */
export class ObjectStream<T, P> implements StructuredStream<T, P> {
  readonly #stream: BatchStream;
  readonly #options: () => PartialReaderOptions;

  /** @param options - asked for when reading begins: a schema that is wrong must not throw before */
  constructor(stream: BatchStream, options: () => PartialReaderOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  get events(): AsyncIterable<StreamEvent> {
    return this.#stream.events;
  }

  get result(): Promise<StructuredResult<T>> {
    return this.#stream.result as Promise<StructuredResult<T>>;
  }

  abort(reason?: unknown): void {
    this.#stream.abort(reason);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#stream[Symbol.asyncDispose]();
  }

  [Symbol.asyncIterator](): AsyncIterator<P> {
    const batches = this.#stream.batches();
    const options = this.#options;
    const part = structuredPart.loaded;
    if (part !== undefined) return new part.PartialReader<P>(batches, options);
    return new LateReader<P>(batches, async () => new (await structuredPart()).PartialReader<P>(batches, options));
  }
}
