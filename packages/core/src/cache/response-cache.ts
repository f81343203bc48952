import type { ChatCompletion } from "../messages/chat-body.js";

/**
 * Keeps whole answers of the model, in wire shape, under keys from which no prompt can be told. What fails costs
 * nothing but the hit: a rejection counts as a miss and is told as a warning `response_cache`, once until the cache
 * works again; so does an answer that takes longer than a second.
 *
 * The three optional methods together make equal calls ask the model once. Absent: whoever misses asks.
 */
export interface ResponseCache {
  /** How long an answer is kept where the request does not say, in milliseconds. @default 3_600_000 */
  readonly ttlMs?: number | undefined;
  /** The answer under the key, a copy for the caller; undefined where there is none, or none any more. */
  get(key: string): Promise<ChatCompletion | undefined>;
  /**
   * Keeps the answer for `ttlMs`, and gives it to those who wait for it. It may be changed by others afterwards. `claim`
   * is the right that it was made by, where there was one: a rejection gives it back.
   */
  set(key: string, answer: ChatCompletion, ttlMs: number, claim?: string): Promise<void>;
  /**
   * Takes the right to make the answer, for `ms` at most: for the first who asks, in any process, a text of its own that
   * names the right. Undefined where somebody has it, and where the answer is there by now.
   */
  claim?(key: string, ms: number): Promise<string | undefined>;
  /**
   * Gives a right that was taken back without an answer: `failed` where there will be none, `left` where whoever made
   * it was called off and another may take over. A right that has run out is nobody's: the one that another has by now
   * stays as it is.
   */
  yield?(key: string, claim: string, why: "failed" | "left"): Promise<void>;
  /**
   * Resolves with the answer that another makes; with `left` when the right is free again; with undefined when the
   * other failed, or after `ms`. `signal` ends the waiting, for this caller alone.
   */
  wait?(key: string, ms: number, signal: AbortSignal): Promise<ChatCompletion | "left" | undefined>;
}

/** What a request says of the client's `responseCache`, in so many words. */
export interface ResponseCacheOptions {
  /** How long the answer may be given again, in milliseconds. @default the cache's, an hour where it has none */
  ttlMs?: number | undefined;
}
