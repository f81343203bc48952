import type { GenerateResult } from "./generate-result.js";
import type { StreamEvent } from "./stream-event.js";

/**
 * A running answer. Iterating it gives the text; `events` gives everything; `result` the whole.
 *
 * Shape: one reader, the stream itself or `events`; a second one throws `invalid_request` and names `tee()`.
 * Throws: every failure comes out of the reader and rejects `result`; nothing is ever an unhandled rejection.
 * Cancels: leaving the loop, `abort()` and `await using` close upstream; `result` then rejects with `aborted`.
 */
export interface GenerateStream extends AsyncIterable<string>, AsyncDisposable {
  readonly events: AsyncIterable<StreamEvent>;
  readonly result: Promise<GenerateResult>;
  /** Closes upstream at once; readers end and `result` rejects with `aborted` and `partial`. Idempotent. */
  abort(reason?: unknown): void;
  /** Readers that each see everything from the start and move at the slowest one's pace, within a bound. */
  tee(count?: number): GenerateStream[];
}
