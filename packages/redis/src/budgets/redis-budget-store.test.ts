import { expect, test } from "vitest";
import type { RedisConnection } from "../connection/redis-connection.js";
import { redisBudgetStore } from "./redis-budget-store.js";

test("any number of calls that wait to be sent is renewed, in parts", async () => {
  const renewed = new Set<unknown>();
  const sizes: number[] = [];
  const all = Promise.withResolvers<void>();
  const connection: RedisConnection = {
    isAway: false,
    command: () => Promise.reject(new Error("not asked")),
    async script(_script, _keys, [, verb, , ...ids]) {
      if (verb !== "renew") return [1];
      sizes.push(ids.length);
      for (const id of ids) renewed.add(id);
      if (renewed.size === 150_000) all.resolve();
      return 1;
    },
    subscribe: () => () => {},
    onReconnect: () => () => {},
    close: async () => {},
  };
  const store = redisBudgetStore(connection, "{p}", { reservationMs: 300 });
  const entry = { counter: "day", limitUsd: 1, amountUsd: 0.1 };
  for (let id = 0; id < 150_000; id += 1) await store.reserve([entry], String(id));
  await all.promise;
  await store.close();
  expect(Math.max(...sizes.slice(0, 1_000))).toBe(1_000);
});
