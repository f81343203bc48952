import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import { MAX_BODY_BYTES } from "../http/read-body.js";
import type { ChatChunk } from "../messages/chat-body.js";
import { EventDecoder } from "../sse/event-decoder.js";
import { bodyKind } from "./body-kind.js";

/** The body of an answer that was asked for as JSON: that, or the chunks of the stream that came in its place. */
export type JsonOrStream = { body: Record<string, unknown> } | ChunksInPlace;

export interface ChunksInPlace {
  chunks: ChatChunk[];
  done: boolean;
  /** What ended the stream before its time. */
  failure?: LLMError | undefined;
}

/**
 * Reads the text of an answer by what it is, not by its content type.
 *
 * @throws InvalidResponseError `empty_response` for nothing, `invalid_response` for anything that is neither
 */
export function readJsonOrStream(text: string): JsonOrStream {
  const head = text.startsWith("{") ? "json" : bodyKind([Buffer.from(text.trimStart().slice(0, 8))]);
  if (head === undefined) throw createError("empty_response", "LLM did not return any content");
  if (head === "page") throw createError("invalid_response", "the answer is an HTML page, not JSON");
  if (head === "events") return readStream(text);
  try {
    return { body: JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text) as Record<string, unknown> };
  } catch {
    throw createError("invalid_response", "the answer is not valid JSON");
  }
}

/** What had come of a stream whose connection broke; undefined for anything else. */
export function readBrokenStream(text: string, failure: LLMError): ChunksInPlace | undefined {
  if (bodyKind([Buffer.from(text.trimStart().slice(0, 8))]) !== "events") return undefined;
  const decoder = new EventDecoder(MAX_BODY_BYTES);
  const chunks = decoder.decode([Buffer.from(text)]);
  return decoder.recognised ? { chunks, done: decoder.done, failure } : undefined;
}

function readStream(text: string): ChunksInPlace {
  const decoder = new EventDecoder(MAX_BODY_BYTES);
  const chunks = decoder.decode([Buffer.from(text)]);
  chunks.push(...decoder.end());
  if (!decoder.recognised) throw createError("invalid_response", "the answer is plain text, not JSON");
  return { chunks, done: decoder.done, failure: decoder.failure };
}
