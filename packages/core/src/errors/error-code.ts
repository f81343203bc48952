/**
 * Every code an {@link LLMError} can carry. Codes are stable: switch on them, not on messages.
 */
export type ErrorCode =
  | "missing_api_key"
  | "invalid_config"
  | "invalid_request"
  | "context_length"
  | "authentication"
  | "insufficient_credits"
  | "content_policy"
  | "permission_denied"
  | "model_not_found"
  | "not_found"
  | "payload_too_large"
  | "rate_limit"
  | "timeout"
  | "provider_error"
  | "provider_overloaded"
  | "connection"
  | "stream_truncated"
  | "invalid_response"
  | "empty_response"
  | "structured_output"
  | "tool"
  | "max_steps"
  | "budget_exceeded"
  | "aborted";
