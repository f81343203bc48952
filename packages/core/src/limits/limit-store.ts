/** One limit to take a place under. */
export interface LimitEntry {
  /** Identifies the counter: kind and key. */
  counter: string;
  /** Requests per window. */
  limit: number;
  windowMs: number;
}

export type LimitAnswer = { ok: true } | { ok: false; counter: string; retryAfterMs: number };

/** Counters of requests in sliding windows. All entries are taken or none. */
export interface LimitStore {
  take(entries: LimitEntry[]): Promise<LimitAnswer>;
  /** Upstream said that nothing more passes until then (wall-clock milliseconds). */
  block?(counter: string, until: number): Promise<void>;
}

/** Client-side limits on requests. */
export interface Limits {
  /** Requests a minute per key; off by default. */
  requestsPerMinute?: number | undefined;
  /** Calls in flight at once; off by default. */
  maxConcurrency?: number | undefined;
  /** Requests a minute per key for `:free` models on OpenRouter. @default 20 */
  freeRequestsPerMinute?: number | undefined;
  /** Wait for a place, or reject with `rate_limit`. @default "wait" */
  onLimit?: "wait" | "reject" | undefined;
  /** The longest wait for a place, in milliseconds; beyond it the call rejects with `rate_limit`. @default 10_000 */
  maxWaitMs?: number | undefined;
}
