import type { EventSource } from "./event-source.js";
import type { GenerateResult } from "./generate-result.js";
import type { StreamEvent } from "./stream-event.js";

type Batch = StreamEvent[] | undefined;

/** A source that is opened with the first read, because what it is made of has to be loaded before. */
export class LateSource implements EventSource {
  onAborted: (() => void) | undefined;
  readonly #open: () => Promise<EventSource>;
  #opening: Promise<EventSource> | undefined;
  #source: EventSource | undefined;
  #aborted: { reason: unknown } | undefined;

  constructor(open: () => Promise<EventSource>) {
    this.#open = open;
  }

  get result(): GenerateResult | undefined {
    return this.#source?.result;
  }

  next(): Promise<Batch> {
    if (this.#source !== undefined) return this.#source.next();
    this.#opening ??= this.#open();
    // Whoever waits is answered in order: the source is known to others only when the first of them has it.
    return this.#opening.then((source) => this.#take(source).next());
  }

  pull<T>(onBatch: (batch: Batch) => T | Promise<T>, onFailure: (error: unknown) => T | Promise<T>): Promise<T> {
    if (this.#source?.pull !== undefined) return this.#source.pull(onBatch, onFailure);
    return this.next().then(onBatch, onFailure);
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#source?.abort(reason);
  }

  #take(source: EventSource): EventSource {
    if (this.#source !== undefined) return source;
    this.#source = source;
    source.onAborted = () => this.onAborted?.();
    if (this.#aborted !== undefined) source.abort(this.#aborted.reason);
    return source;
  }
}
