import type { ErrorCode } from "./error-code.js";

interface CodeFacts {
  /** The HTTP status that a failure of this kind stands for. */
  readonly status: number;
  /** Whether another attempt may succeed, before anything was delivered. */
  readonly retryable: boolean;
  /** Whether the detail may be shown to the end user of a server built on this package. */
  readonly expose: boolean;
  /** What a stranger may read where `expose` is false. */
  readonly sentence: string;
}

const facts = (status: number, retryable: boolean, expose: boolean, sentence: string): CodeFacts => ({
  status,
  retryable,
  expose,
  sentence,
});

/** The one table of codes, statuses and what may be shown; every other place asks here. */
export const CODE_TABLE: Readonly<Record<ErrorCode, CodeFacts>> = {
  missing_api_key: facts(400, false, false, "The service is not configured."),
  invalid_config: facts(400, false, false, "The service is not configured correctly."),
  invalid_request: facts(400, false, true, "The request is not valid."),
  context_length: facts(400, false, true, "The input is too long for this model."),
  authentication: facts(401, false, false, "The model service refused the credentials."),
  insufficient_credits: facts(402, false, false, "The model service has no credit left."),
  content_policy: facts(403, false, true, "The input or the answer was refused by a content policy."),
  permission_denied: facts(403, false, false, "The model service refused this request."),
  model_not_found: facts(404, false, true, "The model was not found."),
  not_found: facts(404, false, true, "The resource was not found."),
  payload_too_large: facts(413, false, true, "The request is too large."),
  rate_limit: facts(429, true, true, "Too many requests; try again later."),
  timeout: facts(504, true, false, "The model service did not answer in time."),
  provider_error: facts(502, true, false, "The model service failed."),
  provider_overloaded: facts(503, true, false, "The model service is overloaded; try again later."),
  connection: facts(502, true, false, "The model service could not be reached."),
  stream_truncated: facts(502, true, false, "The answer ended unexpectedly."),
  invalid_response: facts(502, false, false, "The model service gave an answer that could not be read."),
  empty_response: facts(502, true, false, "The model service gave an empty answer."),
  structured_output: facts(502, false, false, "The model gave no valid object."),
  tool: facts(500, false, false, "A tool failed."),
  max_steps: facts(500, false, false, "The conversation took too many steps."),
  budget_exceeded: facts(402, false, true, "The budget is used up."),
  aborted: facts(499, false, true, "The request was aborted."),
};

/** Codes that blame the operator of the server, not its caller: handlers answer them with 500. */
export const OPERATOR_FAULTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "missing_api_key",
  "invalid_config",
  "authentication",
  "permission_denied",
]);
