import { createError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";

/**
 * The error of a call whose store failed before anything was sent. What cannot be counted is not sent: a broken store
 * is no free pass. The store's own message may hold an address with a password: it stands in `cause` only.
 */
export function storeFailed(which: "budget" | "limit", cause: unknown): Error {
  if (LLMError.is(cause)) return cause;
  const name = cause instanceof Error ? cause.name : typeof cause;
  return createError("provider_error", `the ${which} store failed, and the call was not sent: ${name}`, {
    cause,
    retryable: true,
    hint: `See \`cause\` for what the ${which} store said.`,
  });
}
