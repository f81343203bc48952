import { memoryRunStore, type RunStore, type StepEvent } from "@signalbox/core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { openRedisConnection, type RedisConnection } from "../src/connection/redis-connection.js";
import { redisRunStore } from "../src/runs/redis-run-store.js";
import { openClient } from "./redis-clients.js";
import { hasRedis, redisForTests } from "./redis-server.js";
import { newPrefix } from "./run-stores.js";

type Move =
  | { kind: "append"; seq: number; holder: string | undefined; final: boolean }
  | { kind: "checkpoint"; key: string; holder: string | undefined }
  | { kind: "lease"; ms: number; holder: string }
  | { kind: "cancel" }
  | { kind: "look" };

const holder = fc.constantFrom("a", "b");
const writer = fc.constantFrom("a", "b", undefined);
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant("append"), seq: fc.integer({ min: 1, max: 6 }), holder: writer, final: fc.boolean() }),
  fc.record({ kind: fc.constant("checkpoint"), key: fc.constantFrom("x", "y"), holder: writer }),
  fc.record({ kind: fc.constant("lease"), ms: fc.constantFrom(0, 60_000), holder }),
  fc.record({ kind: fc.constant("cancel") }),
  fc.record({ kind: fc.constant("look") }),
) as fc.Arbitrary<Move>;

/** What a move comes to, as far as both stores must agree on it. */
async function outcome(store: RunStore, at: number, made: Move): Promise<unknown> {
  const run = "r";
  try {
    switch (made.kind) {
      case "append": {
        const { seq, final } = made;
        const event = {
          runId: run,
          seq,
          step: "a",
          status: "processing",
          data: at,
          message: "",
          progress: 0,
          timestamp: "",
        };
        return await store.append(run, { ...event, ...(final && { final }) } as StepEvent, made.holder);
      }
      case "checkpoint":
        return await store.checkpoint(run, made.key, at, made.holder);
      case "lease":
        return await store.lease(run, made.ms, made.holder);
      case "cancel":
        return await store.cancel?.(run);
      case "look":
        return [await store.load(run), await store.read(run, 0), await store.read(run, 3), await isAsked(store, run)];
    }
  } catch (error) {
    return (error as { status?: number }).status;
  }
}

/** Whether the run is asked to stop now: the question is answered before one that is asked behind it. */
async function isAsked(store: RunStore, run: string): Promise<boolean> {
  let asked = false;
  const leave = store.onCancel?.(run, () => {
    asked = true;
  });
  await store.load(run);
  leave?.();
  return asked;
}

describe.skipIf(!hasRedis)("the run store in Redis", () => {
  const redis = redisForTests();
  let connection: RedisConnection;
  beforeAll(async () => {
    const { client, close } = await openClient("ioredis", redis().url);
    connection = openRedisConnection(client);
    return async () => {
      await connection.close();
      close();
    };
  });

  test("answers whatever is asked of it as the one in memory does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 30 }), async (moves) => {
        const [inRedis, inMemory] = [redisRunStore(connection, newPrefix()), memoryRunStore()];
        for (const [at, made] of [...moves, { kind: "look" } as const].entries()) {
          expect([at, made, await outcome(inRedis, at, made)]).toEqual([at, made, await outcome(inMemory, at, made)]);
        }
        await inRedis.close();
      }),
      { numRuns: 150 },
    );
  });
});
