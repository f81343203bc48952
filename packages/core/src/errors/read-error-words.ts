import type { ErrorCode } from "./error-code.js";

/** Words that upstreams use for a kind of failure: OpenRouter's `error_type`, string codes and types of others. */
const WORDS: Readonly<Record<string, ErrorCode>> = {
  context_length_exceeded: "context_length",
  max_tokens_exceeded: "context_length",
  token_limit_exceeded: "context_length",
  string_too_long: "invalid_request",
  authentication: "authentication",
  authentication_error: "authentication",
  invalid_api_key: "authentication",
  permission_denied: "permission_denied",
  permission_error: "permission_denied",
  payment_required: "insufficient_credits",
  insufficient_quota: "insufficient_credits",
  billing_error: "insufficient_credits",
  rate_limit_exceeded: "rate_limit",
  rate_limit_error: "rate_limit",
  rate_limited: "rate_limit",
  provider_overloaded: "provider_overloaded",
  overloaded_error: "provider_overloaded",
  overloaded: "provider_overloaded",
  provider_unavailable: "provider_error",
  invalid_request: "invalid_request",
  invalid_request_error: "invalid_request",
  invalid_prompt: "invalid_request",
  precondition_failed: "invalid_request",
  unprocessable: "invalid_request",
  invalid_image: "invalid_request",
  image_too_large: "invalid_request",
  image_too_small: "invalid_request",
  unsupported_image_format: "invalid_request",
  image_download_failed: "invalid_request",
  not_found: "not_found",
  not_found_error: "not_found",
  image_not_found: "not_found",
  model_not_found: "model_not_found",
  payload_too_large: "payload_too_large",
  content_policy_violation: "content_policy",
  content_filter: "content_policy",
  refusal: "content_policy",
  server: "provider_error",
  server_error: "provider_error",
  api_error: "provider_error",
  timeout: "timeout",
  timeout_error: "timeout",
};

/** The code behind a word of upstream's; undefined for a word this version does not know. */
export function codeOfWord(word: unknown): ErrorCode | undefined {
  return typeof word === "string" && Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}

/** The code behind an HTTP status, or behind a number in a body that stands for one. */
export function codeOfStatus(status: number): ErrorCode | undefined {
  switch (status) {
    case 401:
      return "authentication";
    case 402:
      return "insufficient_credits";
    case 403:
      return "permission_denied";
    case 404:
    case 410:
      return "not_found";
    case 407:
      return "invalid_response";
    case 408:
    case 504:
    case 524:
      return "timeout";
    case 413:
      return "payload_too_large";
    case 429:
      return "rate_limit";
    case 503:
    case 529:
      return "provider_overloaded";
    default:
      if (status >= 400 && status < 500) return "invalid_request";
      return status >= 500 && status < 600 ? "provider_error" : undefined;
  }
}

const CONTEXT_LENGTH = [
  "context length",
  "context window",
  "context_length",
  "too many tokens",
  "prompt is too long",
  "input is too long",
];
const NO_MODEL = ["not a valid model", "no endpoints found", "no allowed providers", "model_not_found"];
const POLICY = [
  "moderation",
  "flagged",
  "content policy",
  "content_policy",
  "usage guidelines",
  "usage policies",
  "guardrail",
  "safety",
];

/**
 * The finer code that only upstream's text tells: a 400 about the context's length, a 400 or 404 about the model, a
 * refusal that is a matter of content.
 */
export function refineByText(code: ErrorCode, text: string): ErrorCode {
  const lower = text.toLowerCase();
  const says = (phrases: readonly string[]) => phrases.some((phrase) => lower.includes(phrase));
  if (code === "invalid_request" || code === "payload_too_large") {
    if (says(CONTEXT_LENGTH)) return "context_length";
    if (code === "invalid_request" && says(NO_MODEL)) return "model_not_found";
  }
  if (code === "not_found" && (says(NO_MODEL) || lower.includes("model"))) return "model_not_found";
  if (code === "permission_denied" && says(POLICY)) return "content_policy";
  return code;
}
