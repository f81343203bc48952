import type { LLMError } from "../errors/llm-error.js";
import type { ChatCompletion } from "../messages/chat-body.js";

const PARTS = new WeakMap<object, ChatCompletion>();

/** Keeps, beside the failure of a whole answer, what had come of it. */
export function withPartOf(error: LLMError, part: ChatCompletion): LLMError {
  PARTS.set(error, part);
  return error;
}

/** What had come of the answer that failed with `error`; undefined where nothing had. */
export function partOf(error: unknown): ChatCompletion | undefined {
  return typeof error === "object" && error !== null ? PARTS.get(error) : undefined;
}
