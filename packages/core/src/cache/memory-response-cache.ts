import { type Clock, systemClock } from "../http/clock.js";
import type { ChatCompletion } from "../messages/chat-body.js";
import type { ResponseCache } from "./response-cache.js";
import { singleFlight as singleFlightOf } from "./single-flight.js";

/** How much `memoryResponseCache` keeps, and for how long. */
export interface MemoryResponseCacheOptions {
  /** So many answers at most; the one that was asked for longest ago goes first. @default 1_000 */
  maxEntries?: number | undefined;
  /** How long an answer is kept where the request does not say, in milliseconds. @default 3_600_000 */
  ttlMs?: number | undefined;
  /** An answer of more characters, as JSON, is not kept. @default 1_000_000 */
  maxAnswerLength?: number | undefined;
  /** Equal calls at once ask the model once; see `singleFlight()`. @default false */
  singleFlight?: boolean | undefined;
  /** For tests. @default the system's */
  clock?: Clock | undefined;
}

/** Answers in this process's memory, as many as fit into the bounds: at most `maxEntries × maxAnswerLength` characters. */
export function memoryResponseCache({
  maxEntries = 1_000,
  ttlMs,
  maxAnswerLength = 1_000_000,
  singleFlight = false,
  clock = systemClock,
}: MemoryResponseCacheOptions = {}): ResponseCache {
  const kept = new Map<string, { json: string; until: number }>();
  const cache: ResponseCache = {
    ttlMs,
    async get(key) {
      const entry = kept.get(key);
      if (entry === undefined) return undefined;
      kept.delete(key);
      if (entry.until <= clock.now()) return undefined;
      // Behind all others: the first one is the one that goes.
      kept.set(key, entry);
      return JSON.parse(entry.json) as ChatCompletion;
    },
    async set(key, answer, ms) {
      const json = JSON.stringify(answer);
      kept.delete(key);
      if (json.length > maxAnswerLength || maxEntries < 1) return;
      kept.set(key, { json, until: clock.now() + ms });
      if (kept.size > maxEntries) kept.delete(kept.keys().next().value as string);
    },
  };
  return singleFlight ? singleFlightOf(cache, { clock }) : cache;
}
