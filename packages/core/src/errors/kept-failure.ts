import { CODE_TABLE } from "./code-table.js";
import type { ErrorCode } from "./error-code.js";
import { LLMError } from "./llm-error.js";
import type { PublicErrorBody } from "./public-error.js";

/** A failure that was told once and kept: whoever asks again is told the same words. */
export class KeptFailure extends LLMError {
  readonly told: PublicErrorBody["error"];

  constructor(told: PublicErrorBody["error"]) {
    const { code, message, hint, retryable, retryAfterMs, generationId } = told;
    const known = Object.hasOwn(CODE_TABLE, code) ? (code as ErrorCode) : "provider_error";
    super(known, message, { hint, retryable, retryAfterMs, generationId, expose: true });
    this.told = told;
  }
}
