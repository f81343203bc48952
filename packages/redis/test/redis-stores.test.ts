import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Cluster, Redis } from "ioredis";
import { createClient, createCluster } from "redis";
import { describe, expect, onTestFinished, test } from "vitest";
import { redisBudgetStore } from "../src/budgets/redis-budget-store.js";
import { openRedisConnection } from "../src/connection/redis-connection.js";
import { type RedisClient, type RedisStoresOptions, redisStores } from "../src/index.js";
import { CLIENTS, connected } from "./redis-clients.js";
import { hasRedis, redisForTests } from "./redis-server.js";

const day = { counter: "budget:ann:day:2026-11-23", limitUsd: 1, amountUsd: 0.25 };

describe("redisStores", () => {
  test.each([
    [{ prefx: "a" }, 'no option "prefx"'],
    [{ prefix: "{a}" }, "prefix must be text"],
    [{ prefix: "" }, "prefix must be text"],
    [{ timeoutMs: 0 }, "timeoutMs must be a whole number of milliseconds"],
    [{ reservationMs: Number.NaN }, "reservationMs must be a whole number of milliseconds"],
    [{ reservationMs: 0.5 }, "reservationMs must be a whole number of milliseconds"],
  ])("refuses %j", (options, words) => {
    const client = new Redis({ lazyConnect: true });
    expect(() => redisStores(client, options as RedisStoresOptions)).toThrow(words);
  });

  test("takes the clients and clusters of both libraries as their types are", () => {
    const clients: RedisClient[] = [
      new Redis({ lazyConnect: true }),
      new Cluster([], { lazyConnect: true }),
      createClient(),
      createCluster({ rootNodes: [] }),
    ];
    for (const client of clients) expect(Object.keys(redisStores(client))).toContain("budgetStore");
  });
});

describe.skipIf(!hasRedis).each(CLIENTS)("redisStores over %s", (name) => {
  const redis = redisForTests();

  test("keeps everything under its prefix in braces, which shares nothing with another", async () => {
    const client = await connected(name, redis().url);
    const one = redisStores(client, { prefix: "one" });
    const other = redisStores(client, { prefix: "other" });
    const entry = { counter: "requests:ann", limit: 1, windowMs: 60_000 };
    expect(await one.budgetStore.reserve([{ ...day, amountUsd: 1 }], "a")).toEqual({ ok: true });
    expect(await one.budgetStore.reserve([day], "b")).toMatchObject({ ok: false, usedUsd: 1 });
    expect(await other.budgetStore.reserve([day], "c")).toEqual({ ok: true });
    expect(await one.limitStore.take([entry])).toMatchObject({ ok: true });
    expect(await other.limitStore.take([entry])).toMatchObject({ ok: true });
    expect(await one.limitStore.take([entry])).toMatchObject({ ok: false });
    const keys = (await (await watcher(redis().url)).keys("*")).toSorted();
    expect(keys).toEqual([
      "{one}:budget:ann:day:2026-11-23",
      "{one}:limit:requests:ann",
      "{one}:reservation:a",
      "{one}:reservations",
      "{other}:budget:ann:day:2026-11-23",
      "{other}:limit:requests:ann",
      "{other}:reservation:c",
      "{other}:reservations",
    ]);
    await one.close();
    await other.close();
  });

  test("a counter ends an hour after its window, a reservation with it; a settled one leaves nothing", async () => {
    const seen = await watcher(redis().url);
    await seen.flushall();
    const { budgetStore, close } = redisStores(await connected(name, redis().url));
    const resetsAt = Date.now() + 60_000;
    await budgetStore.reserve([{ ...day, resetsAt }], "kept");
    await budgetStore.reserve([{ ...day, resetsAt }], "settled");
    await budgetStore.settle("settled", 0.125);
    expect(await seen.get("{signalbox}:budget:ann:day:2026-11-23")).toBe("0.375");
    for (const key of ["{signalbox}:budget:ann:day:2026-11-23", "{signalbox}:reservation:kept"]) {
      expect(Math.abs((await seen.pttl(key)) - 3_660_000)).toBeLessThan(20_000);
    }
    expect(await seen.exists("{signalbox}:reservation:settled")).toBe(0);
    expect(await seen.zrange("{signalbox}:reservations", "0", "-1")).toEqual(["kept"]);
    await close();
  });

  test.each(["no amount", "-1", "list"])(
    "a counter that was overwritten by hand (%s) spoils no other one",
    async (value) => {
      const seen = await watcher(redis().url);
      await seen.flushall();
      const connection = openRedisConnection(await connected(name, redis().url));
      onTestFinished(() => connection.close());
      let passed = 0;
      const store = redisBudgetStore(connection, "{spoilt}", { now: () => Date.now() + passed });
      onTestFinished(() => store.close());
      const both = [day, { ...day, counter: "month" }];
      for (const id of ["settled", "released", "sent", "lapses"]) await store.reserve(both, id);
      await seen.del(`{spoilt}:${day.counter}`);
      if (value === "list") await seen.rpush(`{spoilt}:${day.counter}`, "0.5");
      else await seen.set(`{spoilt}:${day.counter}`, value);
      await store.settle("settled", 0.125);
      await store.release("released");
      store.sent("sent");
      expect(await seen.get("{spoilt}:month")).toBe("0.625");
      passed = 120_000;
      expect(await store.reserve([{ ...day, counter: "bob" }], "other")).toEqual({ ok: true });
      expect(await seen.get("{spoilt}:month")).toBe("0.375");
      // What cannot be counted is not sent, and takes nothing elsewhere.
      await expect(store.reserve(both.toReversed(), "refused")).rejects.toThrow();
      const limitless = both.toReversed().map((window) => ({ ...window, limitUsd: 1e300 }));
      await expect(store.reserve(limitless, "refused")).rejects.toThrow();
      expect(await seen.get("{spoilt}:month")).toBe("0.375");
    },
  );

  test("a living process keeps what it has set aside, however long it waits to send", async () => {
    const { budgetStore, close } = redisStores(await connected(name, redis().url), {
      prefix: "renewed",
      reservationMs: 90,
    });
    const seen = await watcher(redis().url);
    await budgetStore.reserve([{ ...day, amountUsd: 1 }], "waiting");
    const first = Number(await seen.zscore("{renewed}:reservations", "waiting"));
    while (Number(await seen.zscore("{renewed}:reservations", "waiting")) <= first + 200) await turn();
    expect(await budgetStore.reserve([day], "next")).toMatchObject({ ok: false, usedUsd: 1 });
    // A process that has ended renews nothing.
    await close();
    while (!(await budgetStore.reserve([day], "next")).ok) await turn();
    expect(await seen.hget("{renewed}:reservation:waiting", "state")).toBe("lapsed");
    await close();
  });

  test("a client's own key prefix comes before all of it", async () => {
    if (name !== "ioredis") return expect(name).toBe("node-redis");
    const client = new Redis(redis().url, { keyPrefix: "app:" });
    onTestFinished(() => client.disconnect());
    const { budgetStore, limitStore } = redisStores(client, { prefix: "p" });
    await budgetStore.reserve([day], "a");
    await limitStore.take([{ counter: "requests:ann", limit: 1, windowMs: 60_000 }]);
    await budgetStore.settle("a", 0.5);
    const seen = await watcher(redis().url);
    expect((await seen.keys("*p}:*")).toSorted()).toEqual([
      "app:{p}:budget:ann:day:2026-11-23",
      "app:{p}:limit:requests:ann",
    ]);
    expect(await seen.get("app:{p}:budget:ann:day:2026-11-23")).toBe("0.5");
  });

  test("a script that closes nothing but its own client exits", async () => {
    const program = fileURLToPath(new URL("exit-program.ts", import.meta.url));
    const sources = fileURLToPath(new URL("../../../.ci/run-sources.mjs", import.meta.url));
    const flags = ["--experimental-transform-types", "--disable-warning=ExperimentalWarning", "--import", sources];
    const run = promisify(execFile)(process.execPath, [...flags, program, name, redis().url], { timeout: 20_000 });
    expect((await run).stdout.trim()).toBe("end of the script");
  });
});

async function watcher(url: string): Promise<Redis> {
  const client = new Redis(url);
  onTestFinished(() => client.disconnect());
  await client.ping();
  return client;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
