import { DEFAULT_RETRY, type RetrySettings } from "../http/retry-policy.js";
import type { Clocks } from "../provider/llm-provider.js";
import type { RetryOptions, TimeoutOptions } from "./generate-request.js";
import { present } from "./present.js";

/** Merges retry options key by key, later layers over earlier ones; `false` switches off what came before it. */
export function resolveRetry(...layers: readonly (false | RetryOptions | undefined)[]): RetrySettings | false {
  let retry: RetrySettings | false = DEFAULT_RETRY;
  for (const layer of layers) {
    if (layer === false) retry = false;
    else if (layer !== undefined) retry = { ...(retry || DEFAULT_RETRY), ...present(layer) };
  }
  return retry;
}

/**
 * Merges clocks key by key, later layers over earlier ones. `firstTokenMs` is off for streams by default, because a
 * model may think for long, and 600,000 for calls without streaming.
 */
export function resolveClocks(stream: boolean, ...layers: readonly (TimeoutOptions | undefined)[]): Clocks {
  const clocks: Clocks = { connectMs: 10_000, firstTokenMs: stream ? 0 : 600_000, idleMs: 60_000, totalMs: 0 };
  for (const layer of layers) if (layer) Object.assign(clocks, present(layer));
  return clocks;
}
