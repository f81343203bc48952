import { describe, expect, onTestFinished, test } from "vitest";
import { openRedisConnection, type RedisConnection } from "../src/connection/redis-connection.js";
import { redisLimitStore } from "../src/limits/redis-limit-store.js";
import { CLIENTS, type ClientName, connected } from "./redis-clients.js";
import { hasRedis, startRedis } from "./redis-server.js";

const PREFIX = "{limits}";
const MINUTE = 60_000;
const entry = (counter: string, limit: number, weight?: number) => ({ counter, limit, windowMs: MINUTE, weight });

/** Two processes' stores over one Redis that is there, or is not. */
async function stores(name: ClientName) {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const open = async () => {
    const connection = openRedisConnection(await connected(name, server.url));
    onTestFinished(() => connection.close());
    return { connection, store: redisLimitStore(connection, PREFIX) };
  };
  const [one, two] = [await open(), await open()];
  const down = async () => {
    await server.down();
    while (!one.connection.isAway || !two.connection.isAway) await new Promise((resolve) => setImmediate(resolve));
  };
  const up = async () => {
    const back = [one, two].map(({ connection }) => isBack(connection));
    await server.up();
    await Promise.all(back);
  };
  return { one: one.store, two: two.store, up, down };
}

const isBack = (connection: RedisConnection) => new Promise<void>((resolve) => connection.onReconnect(resolve));

describe.skipIf(!hasRedis).each(CLIENTS)("limits while Redis is away, over %s", (name) => {
  test("each process holds them by itself, from nothing, and together again when it is back", async () => {
    const { one, two, up, down } = await stores(name);
    const take = (store: typeof one) => store.take([entry("requests:ann", 2)]);
    expect([(await take(one)).ok, (await take(two)).ok, (await take(one)).ok]).toEqual([true, true, false]);
    await down();
    for (const store of [one, two]) {
      expect([(await take(store)).ok, (await take(store)).ok]).toEqual([true, true]);
      const refused = await take(store);
      expect(refused).toMatchObject({ ok: false, counter: "requests:ann" });
      expect(refused.ok ? 0 : refused.retryAfterMs).toBeGreaterThan(MINUTE - 5_000);
    }
    await up();
    expect([(await take(one)).ok, (await take(two)).ok, (await take(one)).ok]).toEqual([true, true, false]);
  });

  test("weights that do not fit take nothing, are taken in all or in none, and are corrected", async () => {
    const { one, down } = await stores(name);
    await down();
    const first = await one.take([entry("tokens:ann", 100, 60), entry("usd:ann", 10, 1)]);
    expect(first.ok).toBe(true);
    expect(await one.take([entry("tokens:ann", 100, 60), entry("usd:ann", 10, 9)])).toMatchObject({ ok: false });
    expect(await one.take([entry("usd:ann", 10, 9)])).toMatchObject({ ok: true });
    await one.correct(first.ok && first.receipt, { "tokens:ann": 10 });
    expect(await one.take([entry("tokens:ann", 100, 90)])).toMatchObject({ ok: true });
    expect(await one.take([entry("tokens:ann", 100, 1)])).toMatchObject({ ok: false });
  });

  test("what was taken before cannot be corrected, and counts nowhere twice", async () => {
    const { one, up, down } = await stores(name);
    const first = await one.take([entry("tokens:ann", 100, 60)]);
    await down();
    await expect(one.correct(first.ok && first.receipt, { "tokens:ann": 10 })).rejects.toThrow("connection to Redis");
    expect(await one.take([entry("tokens:ann", 100, 100)])).toMatchObject({ ok: true });
    await up();
    expect(await one.take([entry("tokens:ann", 100, 100)])).toMatchObject({ ok: true });
  });

  test("what a 429 told is kept to by the process that heard it", async () => {
    const { one, two, down } = await stores(name);
    await down();
    await one.block("free:key", Date.now() + 30_000);
    const refused = await one.take([entry("free:key", 20)]);
    expect(refused).toMatchObject({ ok: false, counter: "free:key" });
    expect(refused.ok ? 0 : refused.retryAfterMs).toBeGreaterThan(20_000);
    expect(await two.take([entry("free:key", 20)])).toMatchObject({ ok: true });
    expect(await one.take([entry("free:other", 20)])).toMatchObject({ ok: true });
  });
});
