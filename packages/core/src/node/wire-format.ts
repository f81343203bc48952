import type { GenerateResult } from "../generate/generate-result.js";
import type { StreamEvent } from "../generate/stream-event.js";
import type { Clock } from "../http/clock.js";

/** How a stream is written: one file each under `formats/`. */
export type StreamFormat = "events" | "openai" | "ui-message" | "ndjson" | "text";

/** Turns what a stream gives into the text that goes out. One instance writes one answer. */
export interface WireFormat {
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Written while nothing else is; undefined where the format has nothing harmless to say. */
  readonly ping?: string | undefined;
  /** The text of an event; empty for one the format has no place for. `finish` is given to `end` instead. */
  event(event: StreamEvent): string;
  /** The text of an item that is neither a string nor a StreamEvent. Throws `invalid_request` where it has no place. */
  item(item: unknown): string;
  /** What ends a good answer; without a result for streams that have none. */
  end(result: GenerateResult | undefined): string;
  /** What ends a failed answer that has begun; undefined: the connection is cut, so that it cannot pass for whole. */
  failure(error: unknown): string | undefined;
}

export interface FormatOptions {
  /** Tell clients what failures say even where the error does not allow it. */
  expose?: boolean | undefined;
  clock: Pick<Clock, "date">;
  /** The same for everybody who is told the same answer, now or later, where the format has a place for it. */
  messageId?: string | undefined;
}

const UNOPENED: ReadonlySet<string> = new Set(["start", "step-start", "keep-alive", "warning"]);

/** True for events that commit the answer to status 200; the others wait for the first of these. */
export function opensAnswer(event: StreamEvent): boolean {
  return !UNOPENED.has(event.type);
}
