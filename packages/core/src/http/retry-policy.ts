import type { LLMError } from "../errors/llm-error.js";

/** How often and how long a call is tried again. */
export interface RetrySettings {
  /** Further attempts after the first. */
  maxRetries: number;
  baseDelayMs: number;
  maxDelayMs: number;
  /** The longest wait in all. */
  maxTotalMs: number;
}

/** The settings of a client that says nothing. */
export const DEFAULT_RETRY: Readonly<RetrySettings> = {
  maxRetries: 2,
  baseDelayMs: 500,
  maxDelayMs: 8_000,
  maxTotalMs: 30_000,
};

/** Where a call stands when an attempt has failed. */
export interface RetryState {
  /** 1 for the first attempt. */
  attempt: number;
  /** Waits so far, in milliseconds. */
  waitedMs: number;
  /** A number in [0, 1). */
  random: number;
}

/**
 * How long to wait before the next attempt, in milliseconds; undefined where there is to be none.
 *
 * Full jitter over a doubling bound, but never less than upstream asks. What would exceed `maxTotalMs` in all is not
 * waited for: the failure goes to the caller at once, with upstream's hint on it.
 */
export function retryDelay(error: LLMError, state: RetryState, settings: RetrySettings): number | undefined {
  if (!error.retryable || state.attempt > settings.maxRetries) return undefined;
  const bound = Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** (state.attempt - 1));
  const delay = Math.max(error.retryAfterMs ?? 0, state.random * bound);
  return state.waitedMs + delay > settings.maxTotalMs ? undefined : delay;
}
