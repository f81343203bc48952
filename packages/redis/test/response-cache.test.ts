import { LLMClient, type ResponseCache } from "@signalbox/core";
import { startSimulator } from "@signalbox/testing";
import { Keyv } from "keyv";
import { describe, expect, onTestFinished, test } from "vitest";
import { responseCacheContract, singleFlightContract } from "../../core/test/response-cache-contract.js";
import { redisKeyvStore } from "../src/cache/redis-keyv-store.js";
import { redisResponseCache } from "../src/cache/redis-response-cache.js";
import { openRedisConnection, type RedisConnection } from "../src/connection/redis-connection.js";
import { type RedisStoresOptions, redisStores } from "../src/index.js";
import { movedClock } from "./moved-clock.js";
import { CLIENTS, connected } from "./redis-clients.js";
import { hasRedis, redisForTests, startRedis } from "./redis-server.js";
import { age } from "./run-stores.js";

const PREFIX = "{cache}";

// One waits for a real clock: the second after which a Redis that was gone is tried again.
describe.skipIf(!hasRedis).each(CLIENTS)("over %s", { timeout: 30_000 }, (name) => {
  const redis = redisForTests();

  async function connection(): Promise<RedisConnection> {
    const opened = openRedisConnection(await connected(name, redis().url));
    onTestFinished(() => opened.close());
    return opened;
  }

  /** Until the connections hear of flights, and what was looked at then has been answered. */
  async function hearing(...connections: RedisConnection[]): Promise<void> {
    for (const each of connections) {
      const listens = Promise.withResolvers<void>();
      const leave = each.subscribe(`${PREFIX}:flights`, () => {}, listens.resolve);
      await listens.promise;
      leave();
      await each.command("PING");
    }
  }

  async function make(singleFlight: boolean) {
    const [one, two] = await Promise.all([connection(), connection()]);
    const open = (over: RedisConnection) => redisResponseCache(over, PREFIX, { singleFlight });
    const move = movedClock();
    const advance = async (ms: number) => {
      await age(one, PREFIX, ms);
      await move(ms);
    };
    return { cache: open(one), peer: open(two), advance, listening: () => hearing(one, two) };
  }

  responseCacheContract("redisStores().responseCache", () => make(false));
  responseCacheContract("redisStores().responseCache of single-flight", () => make(true));
  singleFlightContract("redisStores().responseCache", () => make(true));

  test("keys lie below the prefix, and expire with their answers", async () => {
    const over = await connection();
    const cache = redisResponseCache(over, PREFIX);
    await cache.set("one", { choices: [] }, 5_000);
    expect(await over.command("PTTL", `${PREFIX}:cache:one`)).toBeGreaterThan(4_000);
    expect(await cache.get("one")).toEqual({ choices: [] });
  });

  test("a Keyv over the user's client can be cleared, and touches nothing beyond its prefix", async () => {
    const over = await connection();
    const keyv = (prefix: string) => new Keyv({ store: redisKeyvStore(over, prefix), useKeyPrefix: false });
    const [mine, other] = [keyv("{k}:[a]*:"), keyv("{k}:a:")];
    await mine.set("one", 1);
    await mine.set("two", 2, 60_000);
    await other.set("one", 3);
    expect([await mine.get("one"), await mine.get("two"), await mine.delete("two"), await mine.has("two")]).toEqual([
      ...[1, 2, true, false],
    ]);
    await mine.clear();
    expect([await mine.get("one"), await other.get("one")]).toEqual([undefined, 3]);
  });

  test("an answer that cannot be kept gives back the right that it was made by, and no other", async () => {
    const over = await connection();
    const cache = redisResponseCache(over, PREFIX, { singleFlight: true });
    const endless: Record<string, unknown> = {};
    endless.self = endless;
    const late = await cache.claim?.("endless", 30);
    await age(over, PREFIX, 30);
    const mine = await cache.claim?.("endless", 60_000);
    expect(mine).toBeTypeOf("string");
    await expect(cache.set("endless", endless, 5_000, late)).rejects.toThrow("circular");
    expect(await cache.claim?.("endless", 60_000)).toBeUndefined();
    await expect(cache.set("endless", endless, 5_000, mine)).rejects.toThrow("circular");
    expect(await cache.claim?.("endless", 60_000)).toBeTypeOf("string");
  });

  test("what somebody else wrote under a key is no answer", async () => {
    const over = await connection();
    await over.command("SET", `${PREFIX}:cache:other`, "not ours");
    await expect(redisResponseCache(over, PREFIX).get("other")).rejects.toThrow();
    await over.command("SET", `${PREFIX}:cache:other`, JSON.stringify({ value: "not an answer" }));
    expect(await redisResponseCache(over, PREFIX).get("other")).toBeUndefined();
  });

  /** A client of a simulated model, as one process has it. */
  async function client(baseURL: string, responseCache: ResponseCache) {
    const llm = new LLMClient({ apiKey: "sk-or-v1-sim", baseURL, env: false, responseCache, retry: false });
    onTestFinished(() => llm.close());
    return llm;
  }

  /** A client over a Redis that the test may take away, and the model it asks. */
  async function overOwnRedis(options: RedisStoresOptions) {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const openrouter = await startSimulator({ seed: 5 });
    onTestFinished(() => openrouter.close());
    const stores = redisStores(await connected(name, server.url), options);
    onTestFinished(() => stores.close());
    return { server, openrouter, llm: await client(openrouter.baseURL, stores.responseCache) };
  }

  test("an answer that one client got is given by another, whole and streamed", async () => {
    const openrouter = await startSimulator({ seed: 5 });
    onTestFinished(() => openrouter.close());
    const open = async () => {
      const stores = redisStores(await connected(name, redis().url), { prefix: `shared-${name}` });
      onTestFinished(() => stores.close());
      return client(openrouter.baseURL, stores.responseCache);
    };
    const [a, b] = await Promise.all([open(), open()]);
    const asked = { prompt: "trains", temperature: 0 };
    const first = await a.stream(asked).result;
    await a.settled();
    const again = await b.generate(asked);
    let text = "";
    for await (const piece of a.stream(asked)) text += piece;
    expect([again.text, text, again.fromCache]).toEqual([first.text, first.text, true]);
    expect(openrouter.requests).toHaveLength(1);
  });

  test("while Redis is gone every call asks the model; when it is back, hits are back, by themselves", async () => {
    const { server, llm } = await overOwnRedis({ singleFlight: true });
    const warnings: string[] = [];
    llm.on("warning", ({ code }) => code === "response_cache" && warnings.push(code));
    const asked = { prompt: "trains", temperature: 0 };
    const { text } = await llm.generate(asked);
    await llm.settled();
    await server.down();
    const calls = await Promise.all([llm.generate(asked), llm.generate(asked), llm.stream(asked).result]);
    expect(calls.map((call) => [call.text, call.fromCache])).toEqual(Array(3).fill([text, undefined]));
    expect(warnings).toEqual(["response_cache"]);
    await server.up();
    // It was not written to a disk: one of these has to ask again.
    for (let isHit = false; !isHit; ) isHit = (await llm.generate(asked)).fromCache === true;
    expect(warnings).toEqual(["response_cache"]);
  });

  test("a Redis that stands still holds a call up for a second, and the next ones not at all", async () => {
    const { server, openrouter, llm } = await overOwnRedis({ timeoutMs: 100 });
    const asked = { prompt: "trains", temperature: 0 };
    await llm.generate(asked);
    await llm.settled();
    server.freeze();
    expect((await llm.generate(asked)).fromCache).toBeUndefined();
    expect((await llm.generate(asked)).fromCache).toBeUndefined();
    server.thaw();
    for (let isHit = false; !isHit; ) isHit = (await llm.generate(asked)).fromCache === true;
    expect(openrouter.requests.length).toBeGreaterThan(2);
  });
});
