import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { holdForQueue, letGo, park, takeFromQueue } from "../src/bullmq/waiting-run.js";
import type { RedisConnection } from "../src/connection/redis-connection.js";
import { hasRedis, redisForTests } from "./redis-server.js";
import { newPrefix, runStoreBy } from "./run-stores.js";

const DAY = 86_400_000;
const taker = (holder: string) => ({ holder, job: "a job", ms: 60_000, mayGoOn: () => true });
const parked = (holder: string) => ({ holder, waitMs: DAY, input: undefined });

describe.skipIf(!hasRedis)("the lease of a run whose job waits", () => {
  const redis = redisForTests();

  /** Cuts every connection of Redis, and waits until both are back and have asked for what they hold. */
  async function cut(...connections: RedisConnection[]): Promise<void> {
    const back = connections.map((connection) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      connection.onReconnect(resolve);
      return promise;
    });
    const killer = new Redis(redis().url);
    await killer.call("CLIENT", "KILL", "TYPE", "normal");
    killer.disconnect();
    await Promise.all(back);
    // Redis answers in order: behind what the stores have asked.
    await Promise.all(connections.map((connection) => connection.command("PING")));
  }

  test("is not taken anew by the process that enqueued it, once a worker has ended it", async () => {
    const prefix = newPrefix();
    const web = await runStoreBy("ioredis", redis().url, prefix);
    const worker = await runStoreBy("ioredis", redis().url, prefix);
    await holdForQueue(web.store, "r", DAY, "bees");
    await takeFromQueue(worker.store, "r", taker("worker"));
    await letGo(worker.store, "r", "worker");
    await cut(web.connection, worker.connection);
    expect(await worker.store.lease("r", 60_000, "who resumes it")).toBe(true);
  });

  test("is not taken anew by the worker that put it back, once another one has ended it", async () => {
    const prefix = newPrefix();
    const first = await runStoreBy("ioredis", redis().url, prefix);
    const second = await runStoreBy("ioredis", redis().url, prefix);
    await takeFromQueue(first.store, "r", taker("first"));
    await park(first.store, "r", parked("first"));
    expect(await second.store.lease("r", 60_000, "passer-by")).toBe(false);
    await takeFromQueue(second.store, "r", taker("second"));
    await letGo(second.store, "r", "second");
    await cut(first.connection, second.connection);
    expect(await second.store.lease("r", 60_000, "who resumes it")).toBe(true);
  });

  test("is not taken anew in a Redis that has forgotten the job as well: nobody would come for the run", async () => {
    const prefix = newPrefix();
    const web = await runStoreBy("ioredis", redis().url, prefix);
    const worker = await runStoreBy("ioredis", redis().url, prefix);
    await holdForQueue(web.store, "new", DAY, "bees");
    await takeFromQueue(worker.store, "put back", taker("worker"));
    await park(worker.store, "put back", parked("worker"));
    await takeFromQueue(worker.store, "under way", taker("worker"));
    await worker.connection.command("FLUSHALL");
    await cut(web.connection, worker.connection);
    const taken = ["new", "put back", "under way"].map((runId) => web.store.lease(runId, 60_000, "passer-by"));
    expect(await Promise.all(taken)).toEqual([true, true, false]);
  });
});
