import type { LLMError } from "../src/index.js";
import type { comparison } from "./compare-recording.js";
import type { ExpectedError, Recording } from "./recordings.js";

/** Which codes a kind of the recordings may become. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  bad_request: ["invalid_request", "model_not_found", "context_length"],
  unprocessable: ["invalid_request", "model_not_found", "context_length"],
  conflict: ["invalid_request", "model_not_found", "context_length"],
  authentication: ["authentication"],
  insufficient_credits: ["insufficient_credits"],
  moderation: ["content_policy"],
  forbidden: ["permission_denied", "content_policy"],
  not_found: ["model_not_found", "not_found"],
  payload_too_large: ["payload_too_large"],
  rate_limit: ["rate_limit"],
  timeout: ["timeout"],
  gateway_timeout: ["timeout"],
  edge_timeout: ["timeout"],
  server: ["provider_error"],
  bad_gateway: ["provider_error"],
  overloaded: ["provider_overloaded"],
  unavailable: ["provider_overloaded"],
  invalid_response: ["invalid_response", "empty_response"],
  connection: ["connection", "stream_truncated"],
};

/** How long before the moment that an answer names its request is made. */
const AHEAD_MS = 30_000;

/** The wall clock at which a recording is asked for, where its reading depends on it. */
export function askedAt({ expect: { error } }: Recording): number | undefined {
  if (error?.resetAtMs !== undefined) return error.resetAtMs - AHEAD_MS;
  return error?.retryAtIso === undefined ? undefined : Date.parse(error.retryAtIso) - AHEAD_MS;
}

export function compareError(
  wanted: ExpectedError,
  error: LLMError,
  { response }: Recording,
  { found, same }: ReturnType<typeof comparison>,
): void {
  if (!CODES[wanted.kind]?.includes(error.code)) found.push(`code: got ${error.code}, wanted one for ${wanted.kind}`);
  if (wanted.message && !error.detail.includes(wanted.message) && error.upstream?.message !== wanted.message)
    found.push(`message: got ${error.detail} / ${error.upstream?.message}, wanted ${wanted.message}`);
  if (wanted.detail !== undefined && !error.detail.includes(wanted.detail))
    found.push(`detail: got ${error.detail}, wanted ${wanted.detail}`);
  const told = typeof wanted.code === "number" || typeof wanted.code === "string" ? wanted.code : undefined;
  same("upstream code", error.upstream?.code, told);
  if (wanted.mode === "http") same("upstream status", error.upstream?.status, response.status);
  if (typeof wanted.retryable === "boolean") same("retryable", error.retryable, wanted.retryable);
  if (wanted.retryAfterMs !== undefined) same("retryAfterMs", error.retryAfterMs, wanted.retryAfterMs);
  if (wanted.resetAtMs ?? wanted.retryAtIso) same("retryAfterMs", error.retryAfterMs, AHEAD_MS);
  if (wanted.providerName) same("servedBy", error.servedBy, wanted.providerName);
  if (wanted.errorType) same("upstream type", error.upstream?.type, wanted.errorType);
  if (wanted.affordableTokens !== undefined) same("affordable", error.affordableTokens, wanted.affordableTokens);
  if (wanted.requestedTokens !== undefined && !error.detail.includes(String(wanted.requestedTokens)))
    found.push(`detail: got ${error.detail}, wanted ${wanted.requestedTokens}`);
  const limit = wanted.metadataHeaders?.["X-RateLimit-Limit"];
  if (limit !== undefined) same("rateLimit", error.rateLimit, Number(limit));
  compareRaw(wanted, error, same);
}

/** What has no field of its own is still there: in the body that upstream sent. */
function compareRaw(
  wanted: ExpectedError,
  error: LLMError,
  same: (what: string, got: unknown, wanted: unknown) => void,
) {
  const raw = error.upstream?.raw;
  const body = (typeof raw === "string" && raw.startsWith("{") ? JSON.parse(raw) : raw) as {
    error?: {
      metadata?: { previous_errors?: unknown[] };
      availability?: { code?: string; fallback_models?: string[] };
    };
  } | null;
  if (wanted.previousErrors !== undefined)
    same("previous errors", body?.error?.metadata?.previous_errors?.length, wanted.previousErrors);
  if (wanted.availability !== undefined) same("availability", body?.error?.availability?.code, wanted.availability);
  if (wanted.fallbackModels !== undefined)
    same("fallbacks", body?.error?.availability?.fallback_models, wanted.fallbackModels);
}
