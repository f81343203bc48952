import { isFinalCode, isTlsCode } from "../errors/connection-codes.js";
import { createError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import { redactSecrets } from "../errors/redact-secrets.js";

/** Where an exchange stood when its connection failed. */
export type FailureStage = "before_headers" | "streaming";

const CORRUPT_CODE = /^(Z_|ERR__ERROR_|ERR_PADDING_)/;

/**
 * The one place where what a connection throws becomes an {@link LLMError}: by the code of the error or of its causes,
 * and by whether headers had arrived. The cause that stays on the error is a copy without secrets; its code is kept.
 */
export function connectionFailure(
  error: unknown,
  stage: FailureStage,
  origin: string,
  secrets: readonly string[],
): LLMError {
  if (LLMError.is(error)) return error;
  const code = findCode(error);
  const cause = copyWithoutSecrets(error, code, secrets);
  const fields = { cause, secrets };
  if (code === "UND_ERR_CONNECT_TIMEOUT")
    return createError("timeout", "connect timeout", { ...fields, phase: "connect" });
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return createError("timeout", "idle timeout", { ...fields, phase: "idle" });
  }
  if (CORRUPT_CODE.test(code)) return createError("invalid_response", "the compressed body is corrupt", fields);
  if (code === "ERR_PROXY_TUNNEL" || cause.message.includes("HTTP Tunneling")) {
    return createError("invalid_response", "the proxy refused the connection", fields);
  }
  if (stage === "streaming")
    return createError("stream_truncated", "stream ended unexpectedly", { ...fields, phase: stage });
  if (code.startsWith("HPE_"))
    return createError("invalid_response", `the answer of ${origin} is not valid HTTP (${code})`, fields);
  const what = isTlsCode(code) ? "no trusted TLS connection to" : "could not reach";
  return createError("connection", `${what} ${origin}: ${code || cause.message}`, {
    ...fields,
    phase: stage,
    retryable: !isFinalCode(code),
  });
}

function findCode(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5 && typeof current === "object" && current !== null; depth += 1) {
    const { code, name, cause, errors } = current as {
      code?: unknown;
      name?: unknown;
      cause?: unknown;
      errors?: unknown;
    };
    if (typeof code === "string") return code;
    if (name === "HTTPParserError") return "HPE_INVALID";
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return "";
}

function copyWithoutSecrets(error: unknown, code: string, secrets: readonly string[]): Error & { code?: string } {
  const message = error instanceof Error ? error.message : "unknown failure";
  const copy: Error & { code?: string } = new Error(redactSecrets(message, secrets));
  if (error instanceof Error) {
    copy.name = error.name;
    copy.stack = redactSecrets(error.stack ?? "", secrets);
  }
  if (code) copy.code = code;
  return copy;
}
