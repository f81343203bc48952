import type { ErrorCode } from "./error-code.js";

/** What a stranger may read of a failure whose detail is not for them. */
export const PUBLIC_SENTENCES: Readonly<Record<ErrorCode, string>> = {
  missing_api_key: "The service is not configured.",
  invalid_config: "The service is not configured correctly.",
  invalid_request: "The request is not valid.",
  context_length: "The input is too long for this model.",
  authentication: "The model service refused the credentials.",
  insufficient_credits: "The model service has no credit left.",
  content_policy: "The input or the answer was refused by a content policy.",
  permission_denied: "The model service refused this request.",
  model_not_found: "The model was not found.",
  not_found: "The resource was not found.",
  payload_too_large: "The request is too large.",
  rate_limit: "Too many requests; try again later.",
  timeout: "The model service did not answer in time.",
  provider_error: "The model service failed.",
  provider_overloaded: "The model service is overloaded; try again later.",
  connection: "The model service could not be reached.",
  stream_truncated: "The answer ended unexpectedly.",
  invalid_response: "The model service gave an answer that could not be read.",
  empty_response: "The model service gave an empty answer.",
  structured_output: "The model gave no valid object.",
  tool: "A tool failed.",
  max_steps: "The conversation took too many steps.",
  budget_exceeded: "The budget is used up.",
  aborted: "The request was aborted.",
};
