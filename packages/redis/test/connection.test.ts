import { Redis } from "ioredis";
import { createClient } from "redis";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RedisClient } from "../src/connection/redis-client.js";
import { openRedisConnection, type RedisConnection } from "../src/connection/redis-connection.js";
import { redisScript } from "../src/connection/redis-script.js";
import { RedisUnavailableError } from "../src/connection/redis-unavailable-error.js";
import { CLIENTS, type ClientName, connected, openClient } from "./redis-clients.js";
import { hasRedis, redisForTests, startRedis } from "./redis-server.js";

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

async function open(name: ClientName, url: string, timeoutMs?: number): Promise<RedisConnection> {
  const connection = openRedisConnection(await connected(name, url), { timeoutMs });
  onTestFinished(() => connection.close());
  return connection;
}

/** A server of the test's own, that it may stop. */
async function ownServer() {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  return server;
}

const isBack = (connection: RedisConnection) =>
  new Promise<void>((resolve) => {
    connection.onReconnect(resolve);
  });

describe.skipIf(!hasRedis).each(CLIENTS)("a connection over %s", (name) => {
  const redis = redisForTests();

  test("gives the replies of both protocols alike", async () => {
    const { command } = await bound(name, redis().url);
    await command("HSET", "{p}:hash", "a", 1, "b", "two");
    await command("ZADD", "{p}:zset", 1.5, "x");
    await command("XADD", "{p}:stream", "0-1", "data", "{}");
    expect(await command("HGETALL", "{p}:hash")).toEqual(["a", "1", "b", "two"]);
    expect(await command("ZRANGE", "{p}:zset", 0, -1)).toEqual(["x"]);
    expect(await command("ZSCORE", "{p}:zset", "x")).toBe("1.5");
    expect(await command("XRANGE", "{p}:stream", "-", "+")).toEqual([["0-1", ["data", "{}"]]]);
    expect(await command("XREAD", "STREAMS", "{p}:stream", "0")).toEqual([["{p}:stream", [["0-1", ["data", "{}"]]]]]);
    expect([await command("GET", "{p}:none"), await command("EXISTS", "{p}:hash")]).toEqual([null, 1]);
  });

  test("runs a script whose text the server has never seen, or has forgotten", async () => {
    const connection = await open(name, redis().url);
    const script = redisScript("return { KEYS[1], ARGV[1], #ARGV, false }");
    const run = () => connection.script(script, ["{p}:key"], ["ä", 2]);
    expect(await run()).toEqual(["{p}:key", "ä", 2, null]);
    await connection.command("SCRIPT", "FLUSH");
    expect(await run()).toEqual(["{p}:key", "ä", 2, null]);
  });

  test("throws what Redis said as Redis said it", async () => {
    const { command } = await bound(name, redis().url);
    await command("SET", "{p}:text", "x");
    const error = await failureOf(command("LPUSH", "{p}:text", "y"));
    expect(error).not.toBeInstanceOf(RedisUnavailableError);
    expect(String(error)).toContain("WRONGTYPE");
  });

  test("hears a channel from when it says so until it is left, several listeners over one connection", async () => {
    const connection = await open(name, redis().url);
    const heard: string[] = [];
    const last = Promise.withResolvers<void>();
    const clients = async () =>
      String(await connection.command("CLIENT", "LIST"))
        .trim()
        .split("\n").length;
    const before = await clients();
    const active = () => Promise.withResolvers<void>();
    const [one, two, three] = [active(), active(), active()];
    const leave = connection.subscribe("{p}:a", (text) => heard.push(`1 ${text}`), one.resolve);
    connection.subscribe("{p}:a", (text) => heard.push(`2 ${text}`), two.resolve);
    connection.subscribe("{p}:b", () => last.resolve(), three.resolve);
    await Promise.all([one.promise, two.promise, three.promise]);
    expect(await clients()).toBe(before + 1);
    await connection.command("PUBLISH", "{p}:a", "x");
    await connection.command("PUBLISH", "{p}:a", "y");
    await connection.command("PUBLISH", "{p}:b", "");
    await last.promise;
    expect(heard).toEqual(["1 x", "2 x", "1 y", "2 y"]);
    leave();
    await connection.close();
    expect(await connection.command("PUBSUB", "NUMSUB", "{p}:none")).toEqual(["{p}:none", 0]);
  });

  test("refuses at once while Redis is gone, and goes on by itself; a channel is heard again, and says so", async () => {
    const server = await ownServer();
    const connection = await open(name, server.url);
    const heard = Promise.withResolvers<string>();
    let times = 0;
    const [first, again] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    connection.subscribe("{p}:a", heard.resolve, () => (times++ === 0 ? first : again).resolve());
    await first.promise;
    await server.down();
    await gone(connection);
    expect(await failureOf(connection.command("PING"))).toBeInstanceOf(RedisUnavailableError);
    const back = isBack(connection);
    await server.up();
    await back;
    expect(await connection.command("PING")).toBe("PONG");
    await again.promise;
    await connection.command("PUBLISH", "{p}:a", "after");
    expect(await heard.promise).toBe("after");
  });

  test("waits a bounded time for a Redis that stands still, then for nothing until it answers again", async () => {
    const server = await ownServer();
    const connection = await open(name, server.url, 50);
    await connection.command("PING");
    server.freeze();
    const [one, two] = [connection.command("INCR", "{p}:n"), connection.command("INCR", "{p}:n")];
    expect(await failureOf(one)).toBeInstanceOf(RedisUnavailableError);
    await failureOf(two);
    expect(connection.isAway).toBe(true);
    expect(await failureOf(connection.command("PING"))).toMatchObject({ message: "Redis does not answer" });
    const back = isBack(connection);
    server.thaw();
    await back;
    // What was asked in vain has been carried out all the same.
    expect(await connection.command("GET", "{p}:n")).toBe("2");
  });

  test("refuses at once where Redis is not there yet, and begins by itself when it comes", async () => {
    const server = await ownServer();
    await server.down();
    const { client, close } = unconnected(name, server.url);
    onTestFinished(close);
    const connection = openRedisConnection(client);
    await gone(connection);
    expect(await failureOf(connection.command("PING"))).toBeInstanceOf(RedisUnavailableError);
    const back = isBack(connection);
    await server.up();
    await back;
    expect(await connection.command("PING")).toBe("PONG");
  });

  test("does not miss an answer because this process was busy for longer than it waits", async () => {
    const connection = await open(name, redis().url, 20);
    await connection.command("PING");
    const asked = connection.command("PING");
    // It has been written by the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    const until = performance.now() + 60;
    while (performance.now() < until);
    expect(await asked).toBe("PONG");
    expect(connection.isAway).toBe(false);
  });

  test("leaves the user's client open and nothing on it when it is closed", async () => {
    const { client, close } = await openClient(name, redis().url);
    onTestFinished(close);
    const count = () => ["ready", "close", "end", "reconnecting", "error"].map((event) => listenerCount(client, event));
    const before = count();
    const connection = openRedisConnection(client);
    const active = Promise.withResolvers<void>();
    connection.subscribe("{p}:a", () => {}, active.resolve);
    await active.promise;
    await connection.close();
    expect(count()).toEqual(before);
    expect(await openRedisConnection(client).command("PING")).toBe("PONG");
  });
});

test("what is no client of either library is refused by name", () => {
  const other = { get() {} } as unknown as Parameters<typeof openRedisConnection>[0];
  expect(() => openRedisConnection(other)).toThrow("neither one of ioredis nor one of redis");
});

/** A client whose user does not wait until it is connected. */
function unconnected(name: ClientName, url: string): { client: RedisClient; close(): void } {
  if (name === "ioredis") {
    const client = new Redis(url, { retryStrategy: () => 20 });
    return { client, close: () => client.disconnect() };
  }
  const client = createClient({ url, socket: { reconnectStrategy: () => 20 } });
  client.on("error", () => {});
  void client.connect();
  return { client, close: () => client.destroy() };
}

async function bound(name: ClientName, url: string) {
  const connection = await open(name, url);
  await connection.command("FLUSHALL");
  return { command: connection.command.bind(connection) };
}

/** Until the connection has noticed that Redis is gone. */
async function gone(connection: RedisConnection): Promise<void> {
  while (!connection.isAway) await new Promise((resolve) => setImmediate(resolve));
}

const listenerCount = (client: unknown, event: string) =>
  (client as { listenerCount(event: string): number }).listenerCount(event);
