import { createError } from "../errors/error-classes.js";
import { eventsFormat } from "./formats/events-format.js";
import { ndjsonFormat } from "./formats/ndjson-format.js";
import { openaiFormat } from "./formats/openai-format.js";
import { textFormat } from "./formats/text-format.js";
import { uiMessageFormat } from "./formats/ui-message-format.js";
import type { FormatOptions, StreamFormat, WireFormat } from "./wire-format.js";

const FORMATS = new Map<StreamFormat, (options: FormatOptions) => WireFormat>([
  ["events", eventsFormat],
  ["openai", openaiFormat],
  ["ui-message", uiMessageFormat],
  ["ndjson", ndjsonFormat],
  ["text", textFormat],
]);

/** The names that `pipeStream` takes as `format`. */
export const STREAM_FORMATS: readonly StreamFormat[] = [...FORMATS.keys()];

/** A writer of the named format for one answer. Throws `invalid_request` with the names that exist. */
export function createFormat(name: string, options: FormatOptions): WireFormat {
  const create = FORMATS.get(name as StreamFormat);
  if (create === undefined) {
    throw createError("invalid_request", `unknown format "${name}"; known are ${STREAM_FORMATS.join(", ")}`);
  }
  return create(options);
}
