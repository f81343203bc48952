import { OPERATOR_FAULTS } from "./code-table.js";
import { createError } from "./error-classes.js";
import { KeptFailure } from "./kept-failure.js";
import { LLMError } from "./llm-error.js";
import { PUBLIC_SENTENCES } from "./public-sentences.js";

/** What a server may tell its own caller about a failure. */
export interface PublicErrorBody {
  error: {
    code: string;
    message: string;
    hint?: string;
    retryable: boolean;
    retryAfterMs?: number;
    generationId?: string;
  };
}

/**
 * The HTTP status a handler answers with: the error's own, except that faults of the operator
 * (no key, wrong configuration, a key upstream refuses) are 500.
 *
 * @param keyFromCaller - the caller brought the key, so its refusal is the caller's fault
 */
export function responseStatus(error: unknown, keyFromCaller = false): number {
  if (!LLMError.is(error)) return 500;
  if (keyFromCaller && (error.code === "authentication" || error.code === "permission_denied")) return error.status;
  return OPERATOR_FAULTS.has(error.code) ? 500 : error.status;
}

/**
 * The body a handler answers with. Where `expose` is false it holds the code, a fixed sentence and the
 * generation id, nothing of upstream.
 */
export function publicErrorBody(error: unknown, expose?: boolean): PublicErrorBody {
  if (error instanceof KeptFailure) return { error: error.told };
  const known = LLMError.is(error) ? error : createError("provider_error", "internal error", { retryable: false });
  const shown = LLMError.is(error) && (expose ?? error.expose);
  return {
    error: {
      code: LLMError.is(error) ? error.code : "internal",
      message: shown ? known.message : LLMError.is(error) ? PUBLIC_SENTENCES[error.code] : "Internal server error.",
      ...(shown && known.hint !== undefined ? { hint: known.hint } : {}),
      retryable: known.retryable,
      ...(known.retryAfterMs !== undefined ? { retryAfterMs: known.retryAfterMs } : {}),
      ...(known.generationId !== undefined ? { generationId: known.generationId } : {}),
    },
  };
}
