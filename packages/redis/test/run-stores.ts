import { onTestFinished } from "vitest";
import { openRedisConnection, type RedisConnection } from "../src/connection/redis-connection.js";
import { type RedisRunStoreOptions, redisRunStore } from "../src/runs/redis-run-store.js";
import { type ClientName, connected } from "./redis-clients.js";

/** A connection of the test by either client. */
export async function connectionBy(client: ClientName, url: string): Promise<RedisConnection> {
  const connection = openRedisConnection(await connected(client, url));
  onTestFinished(() => connection.close());
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
