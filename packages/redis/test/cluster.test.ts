import { followRun, type StepEvent } from "@signalbox/core";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { redisStores } from "../src/index.js";
import { CLIENTS, type ClientName } from "./open-client.js";
import { clusterClient, clusterForTests } from "./redis-cluster.js";
import { hasRedis } from "./redis-server.js";

/** Each in the slots of another master. */
const PREFIXES = ["b", "c", "a"] as const;

describe.skipIf(!hasRedis)("a cluster of three masters", { timeout: 30_000 }, () => {
  const nodes = clusterForTests(PREFIXES.length);

  /** What each master answers, in their order. */
  const onEach = async <T>(ask: (node: Redis) => Promise<T>): Promise<T[]> => {
    const clients = nodes().map(({ url }) => new Redis(url));
    try {
      return await Promise.all(clients.map(ask));
    } finally {
      for (const client of clients) client.disconnect();
    }
  };

  /** The stores of one process, which knows the address of the first node. */
  const opened = async (client: ClientName, prefix: string, timeoutMs?: number) => {
    const [first] = nodes();
    if (first === undefined) throw new Error("there is no cluster");
    const stores = redisStores(await clusterClient(client, first), { prefix, timeoutMs, singleFlight: true });
    onTestFinished(() => stores.close());
    return stores;
  };

  test.each(CLIENTS)("each prefix lies on one node, which %s asks at once", async (name) => {
    await onEach((node) => node.config("RESETSTAT"));
    for (const prefix of PREFIXES) {
      const { budgetStore, limitStore, responseCache, runStore } = await opened(name, prefix);
      await budgetStore.reserve([{ counter: "kept", limitUsd: 1, amountUsd: 0.1 }], `${name}-kept`);
      await limitStore.take([{ counter: `${name}:kept`, limit: 1, windowMs: 60_000 }]);
      await responseCache.get("nothing");
      expect(await runStore.read("nothing", 0)).toEqual([]);
    }
    const keys = await onEach((node) => node.keys("*"));
    expect(keys.map((some) => [...new Set(some.map((key) => key.slice(0, 3)))])).toEqual([["{b}"], ["{c}"], ["{a}"]]);
    // None had to say where it is instead.
    expect((await onEach((node) => node.info("errorstats"))).join()).not.toContain("MOVED");
  });

  describe.each(CLIENTS)("by %s, another process by the other client", (name) => {
    const pair = (prefix: string) =>
      Promise.all([opened(name, prefix), opened(name === "ioredis" ? "node-redis" : "ioredis", prefix)]);

    test.each(PREFIXES)("budgets under the prefix %s", async (prefix) => {
      const [{ budgetStore: one }, { budgetStore: two }] = await pair(prefix);
      const windows = (amountUsd: number) => [
        { counter: `${name}:day`, limitUsd: 1, amountUsd },
        { counter: `${name}:month`, limitUsd: 10, amountUsd },
      ];
      const id = (call: string) => `${name}-${call}`;
      expect(await one.reserve(windows(0.75), id("a"))).toEqual({ ok: true });
      one.sent?.(id("a"));
      expect(await two.reserve(windows(0.5), id("b"))).toMatchObject({ ok: false, usedUsd: 0.75 });
      await two.settle(id("a"), 0.25);
      expect(await two.reserve(windows(0.75), id("b"))).toEqual({ ok: true });
      await one.release(id("b"));
      expect(await one.reserve(windows(1), id("c"))).toMatchObject({ ok: false, usedUsd: 0.25 });
    });

    test.each(PREFIXES)("limits under the prefix %s", async (prefix) => {
      const [{ limitStore: one }, { limitStore: two }] = await pair(prefix);
      const entry = (weight: number) => [{ counter: `${name}:tokens`, limit: 100, windowMs: 60_000, weight }];
      const taken = await one.take(entry(80));
      expect(taken).toMatchObject({ ok: true });
      expect(await two.take(entry(30))).toMatchObject({ ok: false, counter: `${name}:tokens` });
      await one.correct?.(taken.ok && taken.receipt, { [`${name}:tokens`]: 60 });
      expect(await two.take(entry(40))).toMatchObject({ ok: true });
      await two.block?.(`${name}:free`, Date.now() + 60_000);
      expect(await one.take([{ counter: `${name}:free`, limit: 9, windowMs: 60_000 }])).toMatchObject({ ok: false });
    });

    test.each(PREFIXES)("cached answers, of which one of two is made, under the prefix %s", async (prefix) => {
      const [{ responseCache: one }, { responseCache: two }] = await pair(prefix);
      const answer = { id: "gen-1", choices: [] };
      const claim = await one.claim?.(name, 30_000);
      expect([typeof claim, await two.claim?.(name, 30_000)]).toEqual(["string", undefined]);
      const waiting = two.wait?.(name, 30_000, new AbortController().signal);
      await one.set(name, answer, 60_000, claim);
      expect([await waiting, await two.get(name)]).toEqual([answer, answer]);
    });

    test.each(PREFIXES)("runs, followed and stopped from another process, under the prefix %s", async (prefix) => {
      const [{ runStore: one }, { runStore: two }] = await pair(prefix);
      const run = `${name}-run`;
      const stopped = Promise.withResolvers<void>();
      expect([await one.lease(run, 60_000, "me"), await two.lease(run, 60_000, "other")]).toEqual([true, false]);
      await one.checkpoint(run, "outline", { slides: 3 }, "me");
      one.onCancel?.(run, stopped.resolve);
      await one.append(run, eventOf(run, 1), "me");
      const seqs: number[] = [];
      for await (const { seq } of followRun(two, run)) {
        seqs.push(seq);
        if (seq === 1) await one.append(run, eventOf(run, 2), "me");
        if (seq === 2) {
          await two.cancel?.(run);
          await stopped.promise;
          await one.append(run, { ...eventOf(run, 3), final: true }, "me");
        }
      }
      expect([seqs, await two.load(run)]).toEqual([[1, 2, 3], { outline: { slides: 3 } }]);
    });
  });

  test("a master that was away is asked again by itself, and what was to be written meanwhile is", async () => {
    const last = nodes().at(-1);
    const processes = await Promise.all(
      CLIENTS.map(async (name) => {
        const { budgetStore, runStore } = await opened(name, "a", 500);
        const entry = { counter: `${name}:away`, limitUsd: 1, amountUsd: 0.001 };
        const reserve = () => budgetStore.reserve([entry], crypto.randomUUID());
        const run = `${name}-away`;
        expect([await runStore.lease(run, 60_000, "me"), await reserve()]).toEqual([true, { ok: true }]);
        return { reserve, runStore, run };
      }),
    );
    await last?.kill();
    for (const { reserve, runStore, run } of processes) {
      await expect(reserve()).rejects.toThrow();
      await runStore.append(run, eventOf(run, 1), "me");
    }
    await last?.up();
    for (const { reserve, runStore, run } of processes) {
      await expect.poll(() => reserve().catch(String), { timeout: 15_000 }).toEqual({ ok: true });
      await expect.poll(() => runStore.read(run, 0).catch(String), { timeout: 15_000 }).toMatchObject([{ seq: 1 }]);
    }
  });
});

const eventOf = (runId: string, seq: number): StepEvent => ({
  runId,
  seq,
  step: "outline",
  status: "processing",
  data: null,
  message: "",
  progress: seq,
  timestamp: "2026-01-01T00:00:00.000Z",
});
