import { redisStores } from "@signalbox/redis";
import { Redis } from "ioredis";
import type { Shared } from "./app.module.js";

/** What processes share, and how to take leave of it. Ends the process with a clear word where there is no Redis. */
export async function connectRedis(): Promise<Shared & { close(): Promise<void> }> {
  const redisURL = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
  const redis = new Redis(redisURL, { lazyConnect: true, retryStrategy: () => null });
  // A first failure is told below; later ones by whoever asked.
  redis.on("error", () => {});
  try {
    await redis.connect();
  } catch {
    console.error(`No Redis at ${new URL(redisURL).host}. Start one (redis-server), or set REDIS_URL.`);
    process.exit(1);
  }
  redis.options.retryStrategy = (times) => Math.min(times * 100, 2_000);
  const stores = redisStores(redis, { prefix: "nest-jobs" });
  return {
    redisURL,
    runStore: stores.runStore,
    async close() {
      await stores.close();
      redis.disconnect();
    },
  };
}
