import type { ErrorCode } from "./error-code.js";

interface CodeFacts {
  /** The HTTP status that a failure of this kind stands for. */
  readonly status: number;
  /** Whether another attempt may succeed, before anything was delivered. */
  readonly retryable: boolean;
  /** Whether the detail may be shown to the end user of a server built on this package. */
  readonly expose: boolean;
}

const facts = (status: number, retryable: boolean, expose: boolean): CodeFacts => ({ status, retryable, expose });

/** The one table of codes, statuses and what may be shown; every other place asks here. */
export const CODE_TABLE: Readonly<Record<ErrorCode, CodeFacts>> = {
  missing_api_key: facts(400, false, false),
  invalid_config: facts(400, false, false),
  invalid_request: facts(400, false, true),
  context_length: facts(400, false, true),
  authentication: facts(401, false, false),
  insufficient_credits: facts(402, false, false),
  content_policy: facts(403, false, true),
  permission_denied: facts(403, false, false),
  model_not_found: facts(404, false, true),
  not_found: facts(404, false, true),
  payload_too_large: facts(413, false, true),
  rate_limit: facts(429, true, true),
  timeout: facts(504, true, false),
  provider_error: facts(502, true, false),
  provider_overloaded: facts(503, true, false),
  connection: facts(502, true, false),
  stream_truncated: facts(502, true, false),
  invalid_response: facts(502, false, false),
  empty_response: facts(502, true, false),
  structured_output: facts(502, false, false),
  tool: facts(500, false, false),
  max_steps: facts(500, false, false),
  budget_exceeded: facts(402, false, true),
  aborted: facts(499, false, true),
};

/** Codes that blame the operator of the server, not its caller: handlers answer them with 500. */
export const OPERATOR_FAULTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "missing_api_key",
  "invalid_config",
  "authentication",
  "permission_denied",
]);
