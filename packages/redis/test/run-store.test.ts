import { describe, expect, test } from "vitest";
import { runStoreContract } from "../../core/test/run-store-contract.js";
import { runKeys } from "../src/runs/run-keys.js";
import { hasRedis, redisForTests } from "./redis-server.js";
import { age, clients, newPrefix, runStoreBy } from "./run-stores.js";

const TTL_MS = 60_000;

describe.skipIf(!hasRedis)("runs in Redis", () => {
  const redis = redisForTests();

  describe.each(clients)("by %s", (client) => {
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

    test("what waits longer than runs are kept is kept as long as it waits", async () => {
      const prefix = newPrefix();
      const { store, connection } = await runStoreBy(client, redis().url, prefix, { ttlMs: TTL_MS });
      await store.lease("r", TTL_MS * 5, "queue");
      await store.checkpoint("r", "job", { input: 1 }, "queue");
      await age(connection, prefix, TTL_MS * 2);
      expect(await store.load("r")).toEqual({ job: { input: 1 } });
    });
  });
});
