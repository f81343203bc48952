import { expect, test } from "vitest";
import type { RedisConnection } from "../connection/redis-connection.js";
import { RedisUnavailableError } from "../connection/redis-unavailable-error.js";
import { redisLimitStore } from "./redis-limit-store.js";

test("a block that is told again while Redis is away ends none of the others; of too many the oldest goes", async () => {
  const away = () => Promise.reject(new RedisUnavailableError("away"));
  const connection: RedisConnection = {
    isAway: true,
    command: away,
    script: away,
    subscribe: () => () => {},
    onReconnect: () => () => {},
    close: async () => {},
  };
  const store = redisLimitStore(connection, "{p}", { now: () => 0, date: () => 0 });
  const isLetIn = async (at: number) => (await store.take([{ counter: `user-${at}`, limit: 9, windowMs: 60_000 }])).ok;
  for (let at = 0; at < 1_000; at += 1) await store.block(`user-${at}`, 60_000);
  await store.block("user-999", 90_000);
  expect([await isLetIn(0), await isLetIn(999)]).toEqual([false, false]);
  await store.block("user-1000", 60_000);
  expect([await isLetIn(0), await isLetIn(1), await isLetIn(1_000)]).toEqual([true, false, false]);
});
