import { Redis } from "ioredis";
import { createClient } from "redis";
import { onTestFinished } from "vitest";
import { openRedisConnection, type RedisConnection } from "../src/connection/redis-connection.js";
import { type RedisRunStoreOptions, redisRunStore } from "../src/runs/redis-run-store.js";

export const clients = ["ioredis", "node-redis"] as const;
export type ClientName = (typeof clients)[number];

/** A connection of the test by either client. */
export async function connectionBy(client: ClientName, url: string): Promise<RedisConnection> {
  if (client === "ioredis") {
    const redis = new Redis(url);
    const connection = openRedisConnection(redis);
    onTestFinished(async () => {
      await connection.close();
      redis.disconnect();
    });
    return connection;
  }
  const redis = createClient({ url });
  const connection = openRedisConnection(redis);
  onTestFinished(async () => {
    await connection.close();
    redis.destroy();
  });
  await redis.connect();
  return connection;
}

let prefixes = 0;
export const newPrefix = () => `{runs-${process.pid}-${++prefixes}}`;

/** A run store of its own, as one process has it. */
export async function runStoreBy(client: ClientName, url: string, prefix: string, options?: RedisRunStoreOptions) {
  const connection = await connectionBy(client, url);
  const store = redisRunStore(connection, prefix, options);
  onTestFinished(() => store.close());
  return { store, connection };
}

/** Lets time pass for every key: what is left of its life becomes shorter. */
export async function age(connection: RedisConnection, prefix: string, ms: number): Promise<void> {
  for (const key of (await connection.command("KEYS", `${prefix}*`)) as string[]) {
    const left = Number(await connection.command("PTTL", key));
    if (left > ms) await connection.command("PEXPIRE", key, left - ms);
    else if (left >= 0) await connection.command("DEL", key);
  }
}
