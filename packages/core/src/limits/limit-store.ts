/** One limit to take a place under. */
export interface LimitEntry {
  /** Identifies the counter: kind and key. */
  counter: string;
  /** Requests per window. */
  limit: number;
  windowMs: number;
}

/** Whether all entries had a place; if not, the entry whose place frees last, and in how many milliseconds. */
export type LimitAnswer = { ok: true } | { ok: false; counter: string; retryAfterMs: number };

/**
 * Counters of requests in sliding windows. A rejection of `take` refuses the call with `provider_error`, unsent; one
 * that takes long counts into `maxWaitMs`.
 */
export interface LimitStore {
  /** Takes a place under all entries or under none. What frees last is told, never too early. */
  take(entries: LimitEntry[]): Promise<LimitAnswer>;
  /** Upstream said that nothing more passes until then (wall-clock milliseconds); an earlier time changes nothing. */
  block?(counter: string, until: number): Promise<void>;
}

/**
 * Client-side limits on requests, for each attempt. Those of a scope count for its user, else for its key. A 429 pauses
 * the models that it was about until its reset: all free models of the key where it tells the account's limit, one
 * model otherwise; paid models only where `requestsPerMinute` is set. Waiting counts into `timeouts.totalMs`.
 */
export interface Limits {
  /** Requests a minute per key; 0 is off. @default 0 */
  requestsPerMinute?: number | undefined;
  /** Calls in flight at once; 0 is off. @default 0 */
  maxConcurrency?: number | undefined;
  /** Requests a minute per key for `:free` models on OpenRouter; 0 is off. @default 20 */
  freeRequestsPerMinute?: number | undefined;
  /** Wait for a place, or reject with `rate_limit`. @default "wait" */
  onLimit?: "wait" | "reject" | undefined;
  /** The longest wait for a place, in milliseconds; beyond it the call rejects with `rate_limit`. @default 10_000 */
  maxWaitMs?: number | undefined;
}
