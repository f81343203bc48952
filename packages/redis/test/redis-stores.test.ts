import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Cluster, Redis } from "ioredis";
import { createClient, createCluster } from "redis";
import { describe, expect, onTestFinished, test } from "vitest";
import { type RedisClient, type RedisStoresOptions, redisStores } from "../src/index.js";
import { CLIENTS, connected } from "./redis-clients.js";
import { hasRedis, redisForTests, startRedis } from "./redis-server.js";

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

  test("works with a cluster, whose slots it needs one of", async () => {
    const server = await startRedis({ args: ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"] });
    onTestFinished(() => server.stop());
    const node = await watcher(server.url);
    await node.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    while (!String(await node.call("CLUSTER", "INFO")).includes("cluster_state:ok")) await turn();
    const client = await cluster(name, server.url, server.port);
    const { budgetStore, limitStore, close } = redisStores(client);
    expect(await budgetStore.reserve([day, { ...day, counter: "month" }], "a")).toEqual({ ok: true });
    await budgetStore.settle("a", 0.75);
    expect(await budgetStore.reserve([{ ...day, amountUsd: 0.5 }], "b")).toMatchObject({ ok: false, usedUsd: 0.75 });
    const entry = { counter: "requests:ann", limit: 1, windowMs: 60_000 };
    expect(await limitStore.take([entry])).toMatchObject({ ok: true });
    expect(await limitStore.take([entry])).toMatchObject({ ok: false });
    await close();
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

async function cluster(name: (typeof CLIENTS)[number], url: string, port: number): Promise<RedisClient> {
  if (name === "ioredis") {
    const client = new Cluster([{ host: "127.0.0.1", port }]);
    onTestFinished(() => client.disconnect());
    return client;
  }
  const client = createCluster({ rootNodes: [{ url }] });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
