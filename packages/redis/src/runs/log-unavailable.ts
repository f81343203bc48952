import { ProviderError } from "@signalbox/core";
import { isPassing } from "../connection/redis-unavailable-error.js";

/** Our error for a failure of Redis: `provider_error`, status 503 and retryable where Redis is away. */
export function logError(what: string, cause: unknown): ProviderError {
  const passing = isPassing(cause);
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ProviderError("provider_error", `${what}: ${why}`, {
    status: passing ? 503 : 502,
    retryable: passing,
    hint: passing ? "Redis keeps the runs; try again once it is back" : undefined,
    cause,
  });
}
