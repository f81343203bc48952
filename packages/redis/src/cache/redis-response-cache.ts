import type { ResponseCache } from "@signalbox/core";
import { Keyv } from "keyv";
import type { RedisConnection } from "../connection/redis-connection.js";
import { keyvResponseCache } from "./keyv-response-cache.js";
import { RedisFlights } from "./redis-flights.js";
import { redisKeyvStore } from "./redis-keyv-store.js";

export interface RedisResponseCacheOptions {
  /** How long an answer is kept where the request does not say, in milliseconds. @default 3_600_000 */
  ttlMs?: number | undefined;
  /** An answer of more characters, as JSON, is not kept. @default 1_000_000 */
  maxAnswerLength?: number | undefined;
  /** Equal calls at once ask the model once, over all processes. @default false */
  singleFlight?: boolean | undefined;
  /** Of single-flight: a process that is gone holds the others up for so long at most, in milliseconds. @default 10_000 */
  claimMs?: number | undefined;
}

/**
 * Answers in Redis, through Keyv, for all processes.
 *
 * @param prefix - in braces: what all keys begin with
 */
export function redisResponseCache(
  connection: RedisConnection,
  prefix: string,
  { singleFlight = false, claimMs = 10_000, ...options }: RedisResponseCacheOptions = {},
): ResponseCache {
  const store = redisKeyvStore(connection, `${prefix}:cache:`);
  const cache = keyvResponseCache(new Keyv({ store, useKeyPrefix: false, throwOnErrors: true }), options);
  if (!singleFlight) return cache;
  const flights = new RedisFlights(connection, prefix, claimMs, (key) => cache.get(key));
  return {
    ttlMs: cache.ttlMs,
    get: (key) => cache.get(key),
    async set(key, answer, ttlMs, claim) {
      await cache.set(key, answer, ttlMs).catch(async (error) => {
        if (claim !== undefined) await flights.end(key, claim, "failed");
        throw error;
      });
      await flights.made(key, claim);
    },
    claim: (key, ms) => flights.claim(key, ms),
    yield: (key, claim, why) => flights.end(key, claim, why),
    wait: (key, ms, signal) => flights.wait(key, ms, signal),
  };
}
