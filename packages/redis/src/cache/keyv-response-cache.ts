import { type ChatCompletion, type ResponseCache, singleFlight as singleFlightOf } from "@signalbox/core";

/** What is called of a Keyv; a cache of `cache-manager` 7 has the same shape. */
export interface KeyvLike {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, ttlMs?: number): Promise<unknown>;
}

export interface KeyvResponseCacheOptions {
  /** How long an answer is kept where the request does not say, in milliseconds. @default 3_600_000 */
  ttlMs?: number | undefined;
  /** An answer of more characters, as JSON, is not kept. @default 1_000_000 */
  maxAnswerLength?: number | undefined;
  /** Equal calls at once ask the model once, within this process: Keyv has no means for more. @default false */
  singleFlight?: boolean | undefined;
}

/**
 * A `responseCache` on any Keyv (or a cache of `cache-manager`), whatever its store. Keys are 64 hexadecimal digits under
 * the Keyv's own namespace, values are JSON text.
 *
 * Throws: what the Keyv throws; a client tells it as a warning and goes on without the cache. A Keyv without
 * `throwOnErrors` keeps the failures of `get()` to its own `error` event.
 */
export function keyvResponseCache(
  keyv: KeyvLike,
  { ttlMs, maxAnswerLength = 1_000_000, singleFlight = false }: KeyvResponseCacheOptions = {},
): ResponseCache {
  const cache: ResponseCache = {
    ttlMs,
    get: async (key) => readAnswer(await keyv.get(key)),
    async set(key, answer, ms) {
      const json = JSON.stringify(answer);
      if (json.length > maxAnswerLength) return;
      if ((await keyv.set(key, json, ms)) === false) throw new Error("the Keyv did not keep the answer");
    },
  };
  return singleFlight ? singleFlightOf(cache) : cache;
}

/** What is no JSON was written by somebody else. */
function readAnswer(value: unknown): ChatCompletion | undefined {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value) as ChatCompletion;
  } catch {
    return undefined;
  }
}
