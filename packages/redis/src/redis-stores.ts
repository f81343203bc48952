import type { BudgetStore, LimitStore, Logger, ResponseCache, RunStore } from "@signalbox/core";
import { redisBudgetStore } from "./budgets/redis-budget-store.js";
import { redisResponseCache } from "./cache/redis-response-cache.js";
import type { RedisClient } from "./connection/redis-client.js";
import { openRedisConnection } from "./connection/redis-connection.js";
import { redisLimitStore } from "./limits/redis-limit-store.js";
import { redisRunStore } from "./runs/redis-run-store.js";

export interface RedisStoresOptions {
  /**
   * What all keys begin with, in braces: `{signalbox}:…`. All of them lie in one slot of a cluster. Everything that
   * shares a prefix shares its counters, runs and answers. @default "signalbox"
   */
  prefix?: string | undefined;
  /** How long Redis is waited for before it counts as away, in milliseconds. @default 2_000 */
  timeoutMs?: number | undefined;
  /**
   * How long money stays set aside for a call that was never sent and whose process has died, in milliseconds. A living
   * process renews it. @default 60_000
   */
  reservationMs?: number | undefined;
  /** How long a run is kept after it was last written, in milliseconds. @default 86_400_000, a day */
  runTtlMs?: number | undefined;
  /** How long an answer is kept in the cache, in milliseconds, unless a request says otherwise. */
  cacheTtlMs?: number | undefined;
  /** Equal calls that are under way at once, in any process, are made once. @default false */
  singleFlight?: boolean | undefined;
  /** `warn` is told once for each outage of Redis, `info` when it is back. */
  logger?: Pick<Logger, "warn" | "info"> | undefined;
}

/** Stores that all processes with the same Redis and prefix share. */
export interface RedisStores {
  /** While Redis is away it refuses: no call with a budget is sent. */
  budgetStore: BudgetStore;
  /** While Redis is away each process counts for itself. */
  limitStore: LimitStore;
  /** While Redis is away nothing is found, and every call is made. */
  responseCache: ResponseCache;
  /** While Redis is away runs go on and are written later; no new one begins. */
  runStore: RunStore;
  /**
   * Writes what waits for Redis, if it is there, and closes what was opened: a connection that listens. Never the client
   * that was passed in. To be called once the clients that use the stores are closed, and before the Redis client is.
   *
   * Throws: where something could not be written; it is lost with the process. Everything is closed all the same.
   */
  close(): Promise<void>;
}

/**
 * Budgets, limits, cached answers and runs in Redis (6.2 or later, or Valkey), for all processes together.
 *
 * @param client - your own client of `ioredis` (5, 6) or `redis` (node-redis 5, 6), connected by you, or a cluster of
 *   either; it stays yours
 *
 * Throws: TypeError for anything else, and for an option that is not one of these. Nothing is asked of Redis yet.
 */
export function redisStores(client: RedisClient, options: RedisStoresOptions = {}): RedisStores {
  checkOptions(options);
  const { prefix = "signalbox", timeoutMs, reservationMs, runTtlMs, cacheTtlMs, singleFlight, logger } = options;
  const connection = openRedisConnection(client, { timeoutMs, onChange: (isAway) => tell(logger, isAway) });
  const braced = `{${prefix}}`;
  const budgetStore = redisBudgetStore(connection, braced, { reservationMs });
  const runStore = redisRunStore(connection, braced, { ttlMs: runTtlMs });
  return {
    budgetStore,
    limitStore: redisLimitStore(connection, braced),
    responseCache: redisResponseCache(connection, braced, { singleFlight, ttlMs: cacheTtlMs }),
    runStore,
    async close() {
      const closed = await Promise.allSettled([budgetStore.close(), runStore.close()]);
      await connection.close();
      for (const end of closed) if (end.status === "rejected") throw end.reason;
    },
  };
}

/** A logger that fails ends neither a call nor the connection. */
function tell(logger: RedisStoresOptions["logger"], isAway: boolean): void {
  try {
    if (isAway) logger?.warn?.("Redis is away: budgets refuse, limits are counted by this process alone");
    else logger?.info?.("Redis is back");
  } catch (error) {
    process.emitWarning(`the logger of redisStores failed: ${error instanceof Error ? error.name : typeof error}`);
  }
}

const DURATIONS = ["timeoutMs", "reservationMs", "runTtlMs", "cacheTtlMs"] as const;
const KNOWN: readonly string[] = ["prefix", "singleFlight", "logger", ...DURATIONS];

function checkOptions(options: RedisStoresOptions): void {
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw new TypeError(`redisStores: no option "${unknown}"; known: ${KNOWN.join(", ")}`);
  const { prefix } = options;
  if (prefix !== undefined && (typeof prefix !== "string" || !/^[^{}\s]+$/.test(prefix)))
    throw new TypeError("redisStores: prefix must be text without braces or spaces");
  for (const name of DURATIONS) {
    const ms = options[name];
    if (ms !== undefined && !(Number.isInteger(ms) && ms > 0 && ms < 2 ** 31))
      throw new TypeError(`redisStores: ${name} must be a whole number of milliseconds above 0 and below 2^31`);
  }
}
