import { LLMError } from "../errors/llm-error.js";

/** An error in at most two lines, for a person: what happened, and what to do about it. */
export function describeFailure(error: unknown): string {
  if (!LLMError.is(error)) return error instanceof Error ? error.message : String(error);
  const first = `${error.code}: ${error.detail}`;
  return error.hint === undefined ? first : `${first}\n  ${error.hint}`;
}
