import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { hasRedis, NO_REDIS } from "../upstream/start-redis.ts";

/** The adapter as it is built in this repository. */
const BUILT = new URL("../../../packages/redis/dist/index.js", import.meta.url);

/** Why nothing of Redis can be measured here; undefined where it can. */
export function noRedisStores(): string | undefined {
  if (!hasRedis()) return NO_REDIS;
  return existsSync(fileURLToPath(BUILT)) ? undefined : "packages/redis is not built: run `pnpm bench`";
}

/** The stores over a connection of their own, as a service opens it. */
export async function openStores(url: string) {
  const { redisStores } = (await import(BUILT.href)) as typeof import("@signalbox/redis");
  const client = new Redis(url);
  const stores = redisStores(client);
  return {
    ...stores,
    async close() {
      await stores.close();
      client.disconnect();
    },
  };
}

const HOUR_MS = 3_600_000;

/** A day and a month of one user, as core asks for them; they end later than anything that is measured. */
export function twoWindows(user: string, now = Date.now()) {
  return [
    { counter: `budget:${user}:day:bench`, limitUsd: 1_000_000, amountUsd: 0.0123, resetsAt: now + 12 * HOUR_MS },
    { counter: `budget:${user}:month:bench`, limitUsd: 10_000_000, amountUsd: 0.0123, resetsAt: now + 300 * HOUR_MS },
  ];
}

/** What such a call has cost in the end. */
export const COST_USD = 0.0000258;
