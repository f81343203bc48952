import { LLMError } from "../errors/llm-error.js";

/** What says that the model, or the way to it, is broken. */
const BROKEN: ReadonlySet<string> = new Set([
  "provider_error",
  "provider_overloaded",
  "timeout",
  "connection",
  "stream_truncated",
]);

/**
 * What a failure says of the model: that it is `broken`, that it is `there`, as whoever refuses a request is, or
 * `nothing`, as an abort, a rate limit, and whatever was refused before it was sent.
 */
export type Verdict = "broken" | "there" | "nothing";

/** The verdict of a failure before the first token. */
export function verdictOf(error: unknown): Verdict {
  if (!LLMError.is(error)) return "nothing";
  if (BROKEN.has(error.code)) return "broken";
  const tellsNothing = error.code === "rate_limit" || error.code === "aborted";
  return tellsNothing || error.upstream === undefined ? "nothing" : "there";
}
