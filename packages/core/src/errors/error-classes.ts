import type { ErrorCode } from "./error-code.js";
import { LLMError, type LLMErrorFields } from "./llm-error.js";

/** A mistake in the options or the environment, found at construction: `missing_api_key`, `invalid_config`. */
export class ConfigurationError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["missing_api_key", "invalid_config"];
}

/** The request is wrong, by our own check or by upstream's: `invalid_request`, `payload_too_large`. */
export class InvalidRequestError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["invalid_request", "payload_too_large"];
}

/** Upstream refused the key: `authentication`. */
export class AuthenticationError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["authentication"];
}

/** The account has no credit left: `insufficient_credits`; `affordableTokens` where upstream told. */
export class InsufficientCreditsError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["insufficient_credits"];
}

/** Moderation or a guardrail refused input or answer: `content_policy`. */
export class ContentPolicyError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["content_policy"];
}

/** The key may not do this: `permission_denied`. */
export class PermissionError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["permission_denied"];
}

/** Unknown model, no endpoint for it, or another missing resource: `model_not_found`, `not_found`. */
export class ModelNotFoundError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["model_not_found", "not_found"];
}

/** The input does not fit the model's context: `context_length`. */
export class ContextLengthError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["context_length"];
}

/** Too many requests, by upstream or by the local limiter: `rate_limit`; `retryAfterMs` where known. */
export class RateLimitError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["rate_limit"];
}

/** A clock ran out: `timeout`; `phase` says which one. */
export class LLMTimeoutError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["timeout"];
}

/** Upstream or its provider failed: `provider_error`, `provider_overloaded`. */
export class ProviderError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["provider_error", "provider_overloaded"];
}

/** DNS, TLS, refused or reset before headers: `connection`. */
export class ConnectionError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["connection"];
}

/** The stream ended with neither finish word nor `[DONE]`: `stream_truncated`; what came is on `partial`. */
export class StreamTruncatedError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["stream_truncated"];
}

/** Not JSON, not an answer, too large, a redirect, or nothing at all: `invalid_response`, `empty_response`. */
export class InvalidResponseError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["invalid_response", "empty_response"];
}

/** No valid object after every rung and re-ask: `structured_output`; the validator's issues stand in `detail`. */
export class StructuredOutputError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["structured_output"];
}

/** A tool threw, or the loop ran out of steps: `tool`, `max_steps`. */
export class ToolError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["tool", "max_steps"];
}

/** Refused before sending, because a budget would be exceeded: `budget_exceeded`; `retryAfterMs` = when it frees. */
export class BudgetExceededError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["budget_exceeded"];
}

/** The caller's signal, `abort()` or `close()` ended the call: `aborted`. `name` is `AbortError`, as the platform's. */
export class AbortedError extends LLMError {
  static override readonly codes: readonly ErrorCode[] = ["aborted"];
  override readonly name = "AbortError";
}

const CLASSES = [
  ConfigurationError,
  InvalidRequestError,
  AuthenticationError,
  InsufficientCreditsError,
  ContentPolicyError,
  PermissionError,
  ModelNotFoundError,
  ContextLengthError,
  RateLimitError,
  LLMTimeoutError,
  ProviderError,
  ConnectionError,
  StreamTruncatedError,
  InvalidResponseError,
  StructuredOutputError,
  ToolError,
  BudgetExceededError,
  AbortedError,
] as const;

const CLASS_OF = new Map<ErrorCode, (typeof CLASSES)[number]>(
  CLASSES.flatMap((type) => type.codes.map((code) => [code, type] as const)),
);

/** Builds the error class that belongs to `code`. */
export function createError(code: ErrorCode, detail: string, fields?: LLMErrorFields): LLMError {
  const Type = CLASS_OF.get(code) ?? LLMError;
  return new Type(code, detail, fields);
}

/** The same failure with more known about it: fields given win over the fields it had, `detail` over its words. */
export function extendError(error: LLMError, fields: LLMErrorFields, detail = error.detail): LLMError {
  const extended = createError(error.code, detail, {
    hint: error.hint,
    status: error.status,
    retryable: error.retryable,
    retryAfterMs: error.retryAfterMs,
    phase: error.phase,
    model: error.model,
    servedBy: error.servedBy,
    generationId: error.generationId,
    upstream: error.upstream,
    attempts: error.attempts,
    partial: error.partial,
    expose: error.expose,
    affordableTokens: error.affordableTokens,
    rateLimit: error.rateLimit,
    cause: error.cause,
    ...fields,
  });
  if (error.stack !== undefined) extended.stack = error.stack;
  return extended;
}
