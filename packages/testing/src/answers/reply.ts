import type { JsonObject, JsonValue } from "../json.js";
import type { RequestLogEntry } from "../requests/request-log-entry.js";

/** What a scripted model says to one request. */
export interface ReplyOptions {
  text?: string | undefined;
  /** A value sent as JSON: as the text, or as the arguments of the tool that `tool_choice` forces. */
  object?: unknown;
  /** `arguments`: an object, or JSON text as it should stand on the wire (broken JSON included). */
  toolCalls?: readonly { name: string; arguments?: unknown; id?: string | undefined }[] | undefined;
  reasoning?: string | undefined;
  /** `url_citation` objects. */
  annotations?: readonly unknown[] | undefined;
  /** @default "tool_calls" with tool calls, else "stop"; null: none at all */
  finishReason?: string | null | undefined;
  nativeFinishReason?: string | null | undefined;
  /** Replaces members of the `usage` block. */
  usage?: Record<string, unknown> | undefined;
  /** HTTP status; from 400 up the answer is OpenRouter's error envelope unless `body` is given. @default 200 */
  status?: number | undefined;
  /** The whole body instead of a completion: text as it is, anything else as JSON. */
  body?: unknown;
  /** Further response headers. */
  headers?: Record<string, string> | undefined;
  /** A stream's pieces: strings are text deltas, objects are sent as chunks (missing heads are filled in). */
  chunks?: readonly (string | Record<string, unknown>)[] | undefined;
  /** Milliseconds before the headers. @default 0 */
  delayMs?: number | undefined;
  /** How many requests it answers. @default 1 */
  times?: number | undefined;
  /** Answers only requests for which this holds; without it, the next POST requests. */
  when?: ((request: RequestLogEntry) => boolean) | undefined;
}

/** A scripted reply: text, or everything that can be said about an answer. */
export type Reply = string | ReplyOptions;

/** Decides per request; `undefined` lets the simulator compose the answer. */
export type Script = (request: RequestLogEntry) => Reply | undefined | Promise<Reply | undefined>;

export function asReplyOptions(reply: Reply): ReplyOptions {
  return typeof reply === "string" ? { text: reply } : reply;
}

/** A value of a test read as JSON; what JSON has no word for is dropped. */
export function toJson(value: unknown): JsonValue {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value) ?? "null") as JsonValue);
}

export function toJsonObject(value: Record<string, unknown>): JsonObject {
  return toJson(value) as JsonObject;
}
