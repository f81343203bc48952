import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";

/** The error of a call whose signal fired; the signal's reason is its `cause`. */
export function aborted(signal: AbortSignal): LLMError {
  return createError("aborted", "the request was aborted", { cause: signal.reason });
}
