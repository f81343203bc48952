import type { ErrorCode } from "../errors/error-code.js";
import type { LLMError } from "../errors/llm-error.js";
import type { Strategy } from "./schema.js";

const CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "invalid_request",
  "model_not_found",
  "not_found",
  "provider_error",
]);

const NO_ENDPOINT = /no endpoints found that can handle the requested parameters/;
const JSON_WORDS =
  /response[_ ]?format|json[_ ](?:schema|object|mode|output)|structured[_ ]?outputs?|output_config|text\.format|guided|grammar|schema/;
const TOOL_WORDS = /tool[_ ]choice|tool[_ ]us[ei]|tool[_ ]calling|\btools\b|function[_ ]calling|\bfunctions?\b/;
const REFUSING =
  /no endpoints found that support|not (?:\w+ )?(?:support|available|enabled|allowed|permitted|implemented|present|exist|compatible)|n't support|unsupported|unavailable|may not|must be|must contain|invalid|unknown|unrecogni[sz]ed|cannot|can't|incompatible|disabled|unexpected|extra inputs|too (?:many|complex|deep|large)|failed to/;

const WORDS: Readonly<Record<Strategy, RegExp>> = {
  json_schema_strict: JSON_WORDS,
  json_schema: JSON_WORDS,
  json_object: JSON_WORDS,
  tool: TOOL_WORDS,
};

/** Looking further would only find the caller's own words. */
const MOST_CHARACTERS = 4_000;

/**
 * Whether upstream refused the way the object was asked for, so that the next rung may do better.
 *
 * Shape: only for failures that upstream told. Services say it with 400, 404, 422 or 5xx and in words of their own,
 * so the text decides: it must name the means (`response_format`, a tool) and refuse it.
 */
export function isRungRefusal(error: LLMError, rung: Strategy): boolean {
  if (!CODES.has(error.code) || (error.upstream === undefined && error.attempts.length === 0)) return false;
  const text = [error.detail, error.upstream?.message, rawText(error.upstream?.raw)]
    .map((part) => (part ?? "").slice(0, MOST_CHARACTERS).toLowerCase())
    .join("\n");
  return NO_ENDPOINT.test(text) || (WORDS[rung].test(text) && REFUSING.test(text));
}

function rawText(raw: unknown): string | undefined {
  if (raw === undefined || typeof raw === "string") return raw;
  try {
    return JSON.stringify(raw);
  } catch {
    // Not JSON: it did not come over the wire and tells nothing.
    return undefined;
  }
}
