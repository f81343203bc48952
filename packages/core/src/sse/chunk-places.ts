import type { ChatChunk } from "../messages/chat-body.js";

/** An object of a chunk. */
export type Fields = Record<string, unknown>;

/** The objects of a chunk that pieces of an answer stand in. Everything else in them is a plain value. */
export interface ChunkParts {
  chunk: Fields;
  choice: Fields;
  delta: Fields;
  /** The one entry of `reasoning_details`. */
  detail: Fields | undefined;
  /** The one entry of `tool_calls`, and what it calls. */
  call: Fields | undefined;
  function: Fields | undefined;
}

/** A place in a chunk whose text differs from one chunk of a stream to the next. */
export interface Place {
  owner: "delta" | "detail" | "function";
  key: string;
}

/** The keys that such texts stand under. */
export const PLACES: readonly Place[] = [
  { owner: "delta", key: "content" },
  { owner: "delta", key: "reasoning" },
  { owner: "delta", key: "reasoning_content" },
  { owner: "detail", key: "text" },
  { owner: "detail", key: "summary" },
  { owner: "function", key: "arguments" },
];

/**
 * Takes a chunk apart; undefined where it holds an object or a list in any other place, which a copy would share, where
 * it ends something or tells of an error, and where its choice is not the first.
 */
export function chunkParts(whole: ChatChunk): ChunkParts | undefined {
  const chunk = whole as Fields;
  const choice = onlyEntry(chunk.choices);
  if (choice === undefined) return undefined;
  const delta = asFields(choice.delta);
  if (delta === undefined || isSpecial(chunk, choice)) return undefined;
  const detail = onlyEntry(delta.reasoning_details);
  const call = onlyEntry(delta.tool_calls);
  const called = asFields(call?.function);
  const isPlain =
    holdsOnly(chunk, "choices") &&
    holdsOnly(choice, "delta") &&
    holdsOnly(delta, "reasoning_details", "tool_calls") &&
    isEmptyOr(detail, delta.reasoning_details) &&
    isEmptyOr(call, delta.tool_calls) &&
    (detail === undefined || holdsOnly(detail)) &&
    (call === undefined || (holdsOnly(call, "function") && called !== undefined && holdsOnly(called)));
  return isPlain ? { chunk, choice, delta, detail, call, function: called } : undefined;
}

function isSpecial(chunk: Fields, choice: Fields): boolean {
  const isLater = typeof choice.index === "number" && choice.index !== 0;
  return isLater || [choice.finish_reason, choice.error, chunk.error].some((value) => (value ?? null) !== null);
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function onlyEntry(list: unknown): Fields | undefined {
  return Array.isArray(list) && list.length === 1 ? asFields(list[0]) : undefined;
}

function isEmptyOr(entry: Fields | undefined, list: unknown): boolean {
  return entry !== undefined || typeof list !== "object" || list === null || (Array.isArray(list) && list.length === 0);
}

function holdsOnly(fields: Fields, ...parts: readonly string[]): boolean {
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === "object" && value !== null && !parts.includes(key)) return false;
  }
  return true;
}
