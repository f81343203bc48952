import type { Clock } from "../http/clock.js";
import type { ChatCompletion } from "../messages/chat-body.js";
import type { ResponseCache } from "./response-cache.js";

/** A cache has to be faster than this to be worth asking. */
const ANSWER_MS = 1_000;
/** A cache that failed is left alone for so long; then one call tries it again. */
const REST_MS = 1_000;
/** How long an answer is kept where nobody says. */
const KEPT_MS = 3_600_000;

/**
 * A cache that never fails: what it does not give in time, or rejects, is a miss. While it fails nobody waits for it
 * but the one who tries whether it works again.
 */
export class SoftCache {
  readonly #cache: ResponseCache;
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;
  #restsUntil: number | undefined;

  constructor(cache: ResponseCache, clock: Clock, warn: (message: string) => void) {
    this.#cache = cache;
    this.#clock = clock;
    this.#warn = warn;
  }

  /** Equal calls at once can ask the model once. */
  get isSingleFlight(): boolean {
    const { claim, wait } = this.#cache;
    return claim !== undefined && wait !== undefined;
  }

  async get(key: string): Promise<ChatCompletion | undefined> {
    return asAnswer(await this.#ask(() => this.#cache.get(key)));
  }

  async set(key: string, answer: ChatCompletion, ttlMs = this.#cache.ttlMs ?? KEPT_MS, claim?: string): Promise<void> {
    await this.#ask(() => this.#cache.set(key, answer, ttlMs, claim), ANSWER_MS, claim !== undefined);
  }

  /** Undefined also where the cache is away: whoever asks goes on without it; `isAway` tells. */
  async claim(key: string, ms: number): Promise<string | undefined> {
    let isLate = false;
    const claimed = await this.#ask(async () => {
      const claim: unknown = await this.#cache.claim?.(key, ms);
      if (typeof claim !== "string") return undefined;
      // Nobody will use a right that comes when its asker has gone on.
      if (isLate) await this.#cache.yield?.(key, claim, "left");
      return claim;
    });
    isLate = claimed === undefined;
    return claimed;
  }

  async yield(key: string, claim: string, why: "failed" | "left"): Promise<void> {
    await this.#ask(async () => this.#cache.yield?.(key, claim, why), ANSWER_MS, true);
  }

  async wait(key: string, ms: number, signal: AbortSignal): Promise<ChatCompletion | "left" | undefined> {
    const made = await this.#ask(async () => this.#cache.wait?.(key, ms, signal), ms + ANSWER_MS);
    return made === "left" ? made : asAnswer(made);
  }

  /** The cache has failed and is not asked for the moment. */
  get isAway(): boolean {
    return this.#restsUntil !== undefined;
  }

  /** @param isOwed - others wait for the end of a right: it is told even to a cache that has just failed */
  async #ask<T>(work: () => Promise<T>, ms = ANSWER_MS, isOwed = false): Promise<T | undefined> {
    if (this.#restsUntil !== undefined && !isOwed) {
      if (this.#clock.now() < this.#restsUntil) return undefined;
      // This one tries; the others meanwhile do without.
      this.#restsUntil = this.#clock.now() + ms + REST_MS;
    }
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = this.#clock.after(ms, () => reject(new TooSlow(`no answer within ${ms} ms`)), { hold: true });
    try {
      const answer = await Promise.race([work(), late]);
      this.#restsUntil = undefined;
      return answer;
    } catch (error) {
      if (this.#restsUntil === undefined) {
        // An address with a password may stand in the cache's own words.
        const why = error instanceof TooSlow ? error.message : error instanceof Error ? error.name : typeof error;
        this.#warn(`the response cache failed (${why}); calls go on without it`);
      }
      this.#restsUntil = this.#clock.now() + REST_MS;
      return undefined;
    } finally {
      timer.clear();
    }
  }
}

class TooSlow extends Error {}

/** What is no answer, such as what another program wrote under the key, is none. */
function asAnswer(value: unknown): ChatCompletion | undefined {
  const choices: unknown = (value as ChatCompletion | null | undefined)?.choices;
  const [first] = Array.isArray(choices) ? (choices as unknown[]) : [];
  const message: unknown = (first as { message?: unknown } | null | undefined)?.message;
  return typeof message === "object" && message !== null ? (value as ChatCompletion) : undefined;
}
