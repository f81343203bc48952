import {
  definePipeline,
  followRun,
  LLMClient,
  type RunStore,
  runPipeline,
  type StepEvent,
  step,
} from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type ConnectionOptions,
  openRedisConnection,
  type RedisConnection,
} from "../src/connection/redis-connection.js";
import { type RedisRunStoreOptions, redisRunStore } from "../src/runs/redis-run-store.js";
import { CLIENTS, type ClientName, connected } from "./redis-clients.js";
import { hasRedis, type RedisServer, redisForTests } from "./redis-server.js";
import { newPrefix } from "./run-stores.js";

const UNAVAILABLE = { code: "provider_error", status: 503, retryable: true };

/** A run that the test lets go on step by step. */
function slowDeck() {
  const llm = new LLMClient({ provider: scriptedProvider(), env: false });
  onTestFinished(() => llm.close());
  const gates = [1, 2, 3].map(() => Promise.withResolvers<void>());
  const made: number[] = [];
  const pipeline = definePipeline("deck", [
    step("slides", async ({ item, progress }) => {
      for (const [at, gate] of gates.entries()) {
        await gate.promise;
        await item(`${at}`, async () => made.push(at));
        progress({ data: at, fraction: (at + 1) / gates.length });
      }
      return "all";
    }),
  ]);
  return { llm, pipeline, made, open: (at: number) => gates[at]?.resolve() };
}

const back = (connection: RedisConnection) =>
  new Promise<void>((resolve) => {
    const leave = connection.onReconnect(() => {
      leave();
      resolve();
    });
  });

/** Connections that come back quickly. */
async function storeOf(
  client: ClientName,
  redis: RedisServer,
  prefix: string,
  { timeoutMs, ...options }: ConnectionOptions & RedisRunStoreOptions = {},
) {
  const connection = openRedisConnection(await connected(client, redis.url), { timeoutMs });
  onTestFinished(() => connection.close());
  return { connection, store: redisRunStore(connection, prefix, options) };
}

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);
const seqs = (events: readonly StepEvent[]) => events.map(({ seq }) => seq);

describe.skipIf(!hasRedis)("Redis is away", () => {
  describe.each(CLIENTS)("by %s", (client) => {
    const redis = redisForTests({ persist: true });

    test("a run goes on, its reader is told, and all of it is there once Redis is back; nothing new begins meanwhile", async () => {
      const prefix = newPrefix();
      const { store, connection } = await storeOf(client, redis(), prefix);
      const peer = await storeOf(client, redis(), prefix);
      const { llm, pipeline, open } = slowDeck();
      const events = runPipeline(pipeline, {}, { llm, store, runId: "r" })[Symbol.asyncIterator]();
      const next = async () => (await events.next()).value as StepEvent;
      const told = [await next()];
      await redis().down();
      open(0);
      open(1);
      told.push(await next(), await next());
      expect(told.map(({ data }) => data)).toEqual([null, 0, 1]);

      const another = runPipeline(pipeline, {}, { llm, store, runId: "new" })[Symbol.asyncIterator]();
      await expect(another.next()).rejects.toMatchObject(UNAVAILABLE);
      await expect(store.read("r", 0)).rejects.toMatchObject(UNAVAILABLE);
      await expect(store.load("r")).rejects.toMatchObject(UNAVAILABLE);
      await expect(store.cancel("r")).rejects.toMatchObject(UNAVAILABLE);
      await expect(followRun(store, "r").next()).rejects.toMatchObject(UNAVAILABLE);

      const isBack = Promise.all([back(connection), back(peer.connection)]);
      await redis().up();
      await isBack;
      const followed = Array.fromAsync(followRun(peer.store, "r"));
      open(2);
      for (let event = await events.next(); !event.done; event = await events.next()) told.push(event.value);
      expect(await followed).toEqual(told);
      expect(seqs(told)).toEqual(upTo(5));
      expect(await peer.store.load("r")).toMatchObject({
        "item:slides:0:0": { value: 1 },
        "item:slides:0:2": { value: 3 },
      });
    });

    test("a run that ends meanwhile has ended, not been interrupted, and is let go", async () => {
      const prefix = newPrefix();
      const { store, connection } = await storeOf(client, redis(), prefix);
      const peer = await storeOf(client, redis(), prefix);
      const { llm, pipeline, open } = slowDeck();
      const events = runPipeline(pipeline, {}, { llm, store, runId: "r" })[Symbol.asyncIterator]();
      await events.next();
      await redis().down();
      for (const at of [0, 1, 2]) open(at);
      let last: StepEvent | undefined;
      for (let event = await events.next(); !event.done; event = await events.next()) last = event.value;
      expect(last).toMatchObject({ status: "completed", final: true });
      const isBack = Promise.all([back(connection), back(peer.connection)]);
      await redis().up();
      await isBack;
      expect(seqs(await store.read("r", 0))).toEqual(upTo(5));
      expect((await Array.fromAsync(followRun(peer.store, "r"))).at(-1)).toEqual(last);
      expect(await peer.store.lease("r", 1_000, "whoever resumes")).toBe(true);
    });

    test("a Redis that stands still and wakes has each event once", async () => {
      const prefix = newPrefix();
      const { store, connection } = await storeOf(client, redis(), prefix, { timeoutMs: 50 });
      const { llm, pipeline, open } = slowDeck();
      const events = runPipeline(pipeline, {}, { llm, store, runId: "r" })[Symbol.asyncIterator]();
      await events.next();
      redis().freeze();
      open(0);
      expect((await events.next()).value).toMatchObject({ seq: 2 });
      const isBack = back(connection);
      redis().thaw();
      await isBack;
      open(1);
      open(2);
      while (!(await events.next()).done);
      expect(seqs(await store.read("r", 0))).toEqual(upTo(5));
    });

    test("a run goes on while Redis has no room, and is written once it has", async () => {
      const { store, connection } = await storeOf(client, redis(), newPrefix());
      await store.checkpoint("r", "key", 0);
      await connection.command("CONFIG", "SET", "maxmemory", 1);
      onTestFinished(async () => void (await connection.command("CONFIG", "SET", "maxmemory", 0)));
      await store.checkpoint("r", "key", 1);
      await expect(store.load("r")).rejects.toMatchObject(UNAVAILABLE);
      await connection.command("CONFIG", "SET", "maxmemory", 0);
      expect(await store.load("r")).toEqual({ key: 1 });
    });

    test("a run whose telling finds no room any more fails, and says why", async () => {
      const { store, connection } = await storeOf(client, redis(), newPrefix(), { maxWaitingBytes: 2_000 });
      const { llm } = slowDeck();
      const isDown = Promise.withResolvers<void>();
      const pipeline = definePipeline("chatty", [
        step("a", async ({ progress, signal }) => {
          await isDown.promise;
          while (!signal.aborted) {
            progress({ data: "x".repeat(100) });
            await new Promise((resolve) => setImmediate(resolve));
          }
        }),
      ]);
      const events = runPipeline(pipeline, {}, { llm, store })[Symbol.asyncIterator]();
      await events.next();
      await redis().down();
      isDown.resolve();
      const failure = (async () => {
        while (!(await events.next()).done);
      })();
      await expect(failure).rejects.toMatchObject({
        ...UNAVAILABLE,
        detail: expect.stringContaining("wait for Redis already"),
      });
      const isBack = back(connection);
      await redis().up();
      await isBack;
    });

    test("what could not be written when the process ends is told, not lost in silence", async () => {
      const { store, connection } = await storeOf(client, redis(), newPrefix());
      await store.checkpoint("r", "key", 0);
      await redis().down();
      await store.checkpoint("r", "key", 1);
      const closed = store.close();
      await expect(closed).rejects.toMatchObject({
        ...UNAVAILABLE,
        detail: expect.stringContaining("1 writes of 1 runs could not be kept"),
      });
      const isBack = back(connection);
      await redis().up();
      await isBack;
      expect(await store.load("r")).toEqual({ key: 0 });
    });
  });

  describe("and forgets everything", () => {
    const redis = redisForTests();

    test("a run under way keeps its place, and is told from where Redis came back", async () => {
      const prefix = newPrefix();
      const { store, connection } = await storeOf("ioredis", redis(), prefix);
      const peer = await storeOf("node-redis", redis(), prefix);
      const { llm, pipeline, open } = slowDeck();
      const events = runPipeline(pipeline, {}, { llm, store, runId: "r" })[Symbol.asyncIterator]();
      await events.next();
      await redis().kill();
      open(0);
      await events.next();
      const isBack = Promise.all([back(connection), back(peer.connection)]);
      await redis().up();
      await isBack;
      expect(seqs(await store.read("r", 0))).toEqual([2]);
      expect(await peer.store.lease("r", 1_000, "another")).toBe(false);
      open(1);
      open(2);
      while (!(await events.next()).done);
      const followed = await Array.fromAsync(followRun(peer.store, "r"));
      expect(seqs(followed)).toEqual([2, 3, 4, 5]);
      expect(followed.at(-1)).toMatchObject({ status: "completed", final: true });
    });

    test("who listens hears of what was written and asked while its own connection was broken", async () => {
      const prefix = newPrefix();
      const { store } = await storeOf("ioredis", redis(), prefix);
      const { store: peer, connection } = await storeOf("node-redis", redis(), prefix);
      const listens = (to: Parameters<RunStore["read"]>[0], listen: RunStore["subscribe"]) => {
        let heard = Promise.withResolvers<void>();
        const leave = listen?.(to, () => heard.resolve());
        onTestFinished(() => leave?.());
        return {
          heard: () => heard.promise,
          forget: () => {
            heard = Promise.withResolvers<void>();
          },
        };
      };
      const news = listens("r", store.subscribe);
      const stop = listens("r", store.onCancel);
      await news.heard();
      news.forget();
      await connection.command("CLIENT", "KILL", "TYPE", "pubsub");
      await peer.checkpoint("r", "key", 1);
      await peer.cancel("r");
      await stop.heard();
      // It is told again once it listens again, whether or not the event was heard.
      await peer.append("r", {
        ...{ runId: "r", seq: 1, step: "a", status: "processing", data: null, message: "", progress: 0, timestamp: "" },
      });
      await news.heard();
      expect(seqs(await store.read("r", 0))).toEqual([1]);
    });
  });
});
