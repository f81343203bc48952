import type { GenerateResult } from "./generate-result.js";
import type { StreamEvent } from "./stream-event.js";

/** Where a stream's events come from: batches on demand, then the result; or a failure. */
export interface EventSource {
  /** The next batch; undefined at the good end. Calls may overlap; they are answered in order. */
  next(): Promise<StreamEvent[] | undefined>;
  /** `next().then(onBatch, onFailure)`, where a source can do it with fewer promises. */
  pull?<T>(
    onBatch: (batch: StreamEvent[] | undefined) => T | Promise<T>,
    onFailure: (error: unknown) => T | Promise<T>,
  ): Promise<T>;
  /** Known once `next()` gave undefined. */
  readonly result: GenerateResult | undefined;
  /** Ends it early; idempotent. A `next()` under way or made later rejects with `aborted`. */
  abort(reason: unknown): void;
  /** Set by the one reader: called when a signal or a clock ends the source while nobody may be pulling. */
  onAborted?: (() => void) | undefined;
}
