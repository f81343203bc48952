import { ProviderError } from "@signalbox/core";
import { RedisUnavailableError } from "../connection/redis-unavailable-error.js";

/** What Redis answers while it starts, changes its master or runs a long script: asked again a little later it works. */
const NOT_NOW = /^-?(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS|UNBLOCKED) /;

/** Whether Redis may well do later what it could not do now. */
export function isPassing(error: unknown): boolean {
  return error instanceof RedisUnavailableError || (error instanceof Error && NOT_NOW.test(error.message));
}

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
