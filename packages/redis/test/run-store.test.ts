import { describe, expect, test } from "vitest";
import { runStoreContract } from "../../core/test/run-store-contract.js";
import { runKeys } from "../src/runs/run-keys.js";
import { CLIENTS } from "./redis-clients.js";
import { hasRedis, redisForTests } from "./redis-server.js";
import { age, newPrefix, runStoreBy } from "./run-stores.js";

const TTL_MS = 60_000;

describe.skipIf(!hasRedis)("runs in Redis", () => {
  const redis = redisForTests();

  describe.each(CLIENTS)("by %s", (client) => {
    runStoreContract(
      "redisRunStore",
      async () => {
        const prefix = newPrefix();
        const options = { ttlMs: TTL_MS };
        const { store, connection } = await runStoreBy(client, redis().url, prefix, options);
        const other = client === "ioredis" ? "node-redis" : "ioredis";
        const { store: peer } = await runStoreBy(other, redis().url, prefix, options);
        return { store, peer, advance: (ms) => age(connection, prefix, ms) };
      },
      { ttlMs: TTL_MS },
    );

    test("who resumes a run does not take a late word of what was asked before for a new request to stop", async () => {
      const prefix = newPrefix();
      const { store, connection } = await runStoreBy(client, redis().url, prefix);
      const told: string[] = [];
      const listens = Promise.withResolvers<void>();
      const heard = Promise.withResolvers<void>();
      const leave = store.onCancel("r", () => told.push("stop"));
      const { stop } = runKeys(prefix, "r");
      const leaveProbe = connection.subscribe(stop, () => heard.resolve(), listens.resolve);
      await listens.promise;
      await connection.command("PUBLISH", stop, "");
      await heard.promise;
      await connection.command("PING");
      expect(told).toEqual([]);
      await store.cancel("r");
      await expect.poll(() => told).toEqual(["stop"]);
      leave();
      leaveProbe();
    });

    test("who renews a lease hears of a request to stop whose word was lost, once", async () => {
      const prefix = newPrefix();
      const { store, connection } = await runStoreBy(client, redis().url, prefix);
      const told: string[] = [];
      await store.lease("r", TTL_MS, "me");
      const leave = store.onCancel("r", () => told.push("stop"));
      const left = store.onCancel("r", () => told.push("left"));
      const elsewhere = store.onCancel("other", () => told.push("other"));
      left();
      // The channel is heard, and what is looked at then has been answered.
      const listens = Promise.withResolvers<void>();
      const leaveProbe = connection.subscribe(runKeys(prefix, "r").stop, () => {}, listens.resolve);
      await listens.promise;
      await connection.command("PING");
      await connection.command("SET", runKeys(prefix, "r").cancel, "1");
      expect(told).toEqual([]);
      expect(await store.lease("r", TTL_MS, "me")).toBe(true);
      expect(told).toEqual(["stop"]);
      expect(await store.lease("r", TTL_MS, "me")).toBe(true);
      expect(told).toEqual(["stop"]);
      for (const end of [leave, elsewhere, leaveProbe]) end();
    });

    test("what waits longer than runs are kept is kept as long as it waits", async () => {
      const prefix = newPrefix();
      const { store, connection } = await runStoreBy(client, redis().url, prefix, { ttlMs: TTL_MS });
      await store.lease("r", TTL_MS * 5, "queue");
      await store.checkpoint("r", "job", { input: 1 }, "queue");
      await age(connection, prefix, TTL_MS * 2);
      expect(await store.load("r")).toEqual({ job: { input: 1 } });
    });

    test("what waits longer than runs are kept is still asked to stop when its turn comes", async () => {
      const prefix = newPrefix();
      const { store, connection } = await runStoreBy(client, redis().url, prefix, { ttlMs: TTL_MS });
      await store.lease("r", TTL_MS * 5, "queue");
      await store.cancel("r");
      await age(connection, prefix, TTL_MS * 2);
      const stopped = Promise.withResolvers<void>();
      const leave = store.onCancel("r", stopped.resolve);
      await stopped.promise;
      expect(await connection.command("EXISTS", runKeys(prefix, "r").cancel)).toBe(1);
      leave();
    });
  });
});
