/** One limit to take a place under. */
export interface LimitEntry {
  /** Identifies the counter: kind and key. */
  counter: string;
  /** What a window holds, a whole number: requests, tokens, or billionths of a US dollar. */
  limit: number;
  windowMs: number;
  /** How much of it this call takes at most, a whole number of 0 to `limit`. @default 1 */
  weight?: number | undefined;
}

/**
 * Whether all entries had a place; if not, the entry whose place frees last, and in how many milliseconds. The receipt
 * is the store's own, for `correct`.
 */
export type LimitAnswer = { ok: true; receipt?: unknown } | { ok: false; counter: string; retryAfterMs: number };

/**
 * Counters of requests, tokens and money in windows: in memory they slide; a store may as well have fixed ones, which
 * begin with their first call. A rejection of `take` refuses the call with `provider_error`, unsent; one that takes long
 * counts into `maxWaitMs`.
 */
export interface LimitStore {
  /** Takes a place under all entries or under none. What frees last is told, never too early. */
  take(entries: LimitEntry[]): Promise<LimitAnswer>;
  /**
   * What a call really took, by counter, instead of the weights it was let in with; it may be more. Only a window that
   * is not over changes. Without it the weights stay.
   */
  correct?(receipt: unknown, weights: Readonly<Record<string, number>>): Promise<void>;
  /** Upstream said that nothing more passes until then (wall-clock milliseconds); an earlier time changes nothing. */
  block?(counter: string, until: number): Promise<void>;
}

/**
 * Client-side limits on requests, tokens and money, for each attempt. Those of a scope count for its user, else for its
 * key. A 429 pauses the models that it was about until its reset: all free models of the key where it tells the
 * account's limit, one model otherwise; paid models only where `requestsPerMinute` is set. Waiting counts into
 * `timeouts.totalMs`.
 */
export interface Limits {
  /** Requests a minute per key; 0 is off. @default 0 */
  requestsPerMinute?: number | undefined;
  /**
   * Tokens a minute per key, prompt and answer together; 0 is off. A call takes the most it can use (see `maxTokens`)
   * and gives back what it did not use once its answer is here. @default 0
   */
  tokensPerMinute?: number | undefined;
  /**
   * US dollars a minute per key, to a billionth; 0 is off. A call takes the most it can cost at list price, corrected to
   * what it did cost. A model without a known price takes nothing until its cost is told. @default 0
   */
  usdPerMinute?: number | undefined;
  /** Calls in flight at once; 0 is off. @default 0 */
  maxConcurrency?: number | undefined;
  /** Requests a minute per key for `:free` models on OpenRouter; 0 is off. @default 20 */
  freeRequestsPerMinute?: number | undefined;
  /** Wait for a place, or reject with `rate_limit`. @default "wait" */
  onLimit?: "wait" | "reject" | undefined;
  /** The longest wait for a place, in milliseconds; beyond it the call rejects with `rate_limit`. @default 10_000 */
  maxWaitMs?: number | undefined;
}
