import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { RedisConnection } from "../connection/redis-connection.js";
import { TAKE } from "./limit-scripts.js";

/** What came of asking for a place. */
export interface Taken {
  ok: boolean;
  /** Until the window ends, or a place may be free. */
  leftMs: number;
  /** Counted in this process alone, while Redis is away. */
  isLocal: boolean;
}

/**
 * One limit over any number of counters: rate-limiter-flexible, whose windows are in Redis and, while that is away, in
 * this process's memory. Our script takes nothing where it refuses, and keeps to blocks.
 */
export class InsuredLimiter {
  readonly #limiter: RateLimiterRedis;
  readonly #local: RateLimiterMemory;
  readonly #locals = new WeakSet<object>();

  constructor(connection: RedisConnection, prefix: string, limit: number, windowMs: number) {
    // It counts seconds; Redis is asked with the milliseconds.
    const options = { points: limit, duration: Math.max(1, Math.ceil(windowMs / 1_000)), keyPrefix: "" };
    this.#local = new RateLimiterMemory(options);
    const consume = this.#local.consume.bind(this.#local);
    this.#local.consume = async (...asked) => {
      try {
        return this.#marked(await consume(...asked));
      } catch (refusal) {
        throw this.#marked(refusal);
      }
    };
    this.#limiter = new RateLimiterRedis({
      ...options,
      insuranceLimiter: this.#local,
      // It is given what it calls of a client, not the client, on which it would define commands of its own.
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      storeClient: {
        get isReady() {
          return !connection.isAway;
        },
        eval: (_script: string, { keys: [counter = ""], arguments: [weight = "1"] }: EvalOptions) =>
          connection.script(TAKE, [windowKey(prefix, counter), blockKey(prefix, counter)], [weight, windowMs, limit]),
      },
    });
  }

  async take(counter: string, weight: number): Promise<Taken> {
    try {
      return this.#taken(await this.#limiter.consume(counter, weight), true);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const taken = this.#taken(refusal, false);
      // In memory it counts what it refuses, too.
      if (taken.isLocal) await this.#local.reward(counter, weight);
      return taken;
    }
  }

  /** Adds to a window in memory, which must not be over. */
  async correctLocally(counter: string, more: number): Promise<void> {
    await this.#local.penalty(counter, more);
  }

  #taken(result: RateLimiterRes, ok: boolean): Taken {
    return { ok, leftMs: Math.max(0, result.msBeforeNext), isLocal: this.#locals.has(result) };
  }

  #marked<T>(result: T): T {
    if (typeof result === "object" && result !== null) this.#locals.add(result);
    return result;
  }
}

interface EvalOptions {
  keys: string[];
  arguments: string[];
}

export const windowKey = (prefix: string, counter: string) => `${prefix}:limit:${counter}`;
export const blockKey = (prefix: string, counter: string) => `${prefix}:limit-block:${counter}`;
