import { isUnreachedCode } from "../errors/connection-codes.js";
import type { ErrorCode } from "../errors/error-code.js";
import type { LLMError } from "../errors/llm-error.js";

const BROKEN_OFF: ReadonlySet<ErrorCode> = new Set(["aborted", "timeout", "stream_truncated", "connection"]);

/** Whether upstream may have made, and billed, an answer to an attempt that ended like this, though we know of none. */
export function mayHaveCost({ code, phase, cause }: LLMError): boolean {
  if (!BROKEN_OFF.has(code) || phase === "connect") return false;
  const { code: why } = (cause ?? {}) as { code?: unknown };
  return code !== "connection" || typeof why !== "string" || !isUnreachedCode(why);
}
