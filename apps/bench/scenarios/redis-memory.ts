import { randomBytes } from "node:crypto";
import type { ChatCompletion } from "@signalbox/core";
import { completion } from "../upstream/chunk-events.ts";
import { type StartedRedis, startRedis } from "../upstream/start-redis.ts";
import { eventOf, RUN_EVENTS } from "./redis-runs.ts";
import { COST_USD, noRedisStores, openStores, twoWindows } from "./redis-stores.ts";
import type { SurveyScenario } from "./scenario.ts";

const COUNT = 5_000;
const RUNS = 100;
const ANSWER_BYTES = 2_000;
const ANSWER = JSON.parse(completion("x".repeat(ANSWER_BYTES))) as ChatCompletion;

type Stores = Awaited<ReturnType<typeof openStores>>;

interface Kept {
  count: number;
  /** Before what is measured, so that what it shares is there already. */
  prepare?(stores: Stores): Promise<void>;
  keep(stores: Stores, at: number): Promise<unknown>;
}

const newId = () => randomBytes(16).toString("hex");

/** One of each, as they lie in Redis. */
const THINGS: Readonly<Record<string, Kept>> = {
  "open reservation, two windows": {
    count: COUNT,
    prepare: ({ budgetStore }) => reserved(budgetStore, "ann", newId()),
    keep: ({ budgetStore }) => reserved(budgetStore, "ann", newId()),
  },
  "settled reservation, two windows": {
    count: COUNT,
    prepare: ({ budgetStore }) => reserved(budgetStore, "ann", newId()),
    async keep({ budgetStore }) {
      const id = newId();
      await reserved(budgetStore, "ann", id);
      await budgetStore.settle(id, COST_USD);
    },
  },
  "a user's two budget windows, one settled call": {
    count: COUNT,
    async keep({ budgetStore }, at) {
      const id = newId();
      await reserved(budgetStore, `user-${at}`, id);
      await budgetStore.settle(id, COST_USD);
    },
  },
  "a user's limit of requests": {
    count: COUNT,
    keep: ({ limitStore }, at) => limitStore.take([{ counter: `limit:user-${at}`, limit: 1_000, windowMs: 3_600_000 }]),
  },
  [`run of ${RUN_EVENTS} events`]: {
    count: RUNS,
    async keep({ runStore }) {
      const runId = newId();
      for (let seq = 1; seq <= RUN_EVENTS; seq += 1) await runStore.append(runId, eventOf(runId, seq));
    },
  },
  [`cached answer with ${ANSWER_BYTES} bytes of text`]: {
    count: COUNT,
    keep: ({ responseCache }) => responseCache.set(newId(), ANSWER, 3_600_000),
  },
};

async function reserved(store: Stores["budgetStore"], user: string, id: string): Promise<void> {
  const { ok } = await store.reserve(twoWindows(user), id);
  if (!ok) throw new Error("a budget that is large enough has refused");
  store.sent?.(id);
}

/** How much memory of Redis the things take that lie in it. */
export const scenario: SurveyScenario = {
  kind: "survey",
  title: "memory of Redis",
  metrics: [{ key: "bytes", title: "bytes each" }],
  unmet: noRedisStores,
  async survey() {
    const redis = await startRedis();
    const stores = await openStores(redis.url);
    const values: Record<string, Record<string, number[]>> = {};
    try {
      for (const [name, thing] of Object.entries(THINGS))
        values[name] = { bytes: [await bytesOf(thing, redis, stores)] };
    } finally {
      await stores.close();
      await redis.stop();
    }
    return values;
  },
};

async function bytesOf({ count, prepare, keep }: Kept, redis: StartedRedis, stores: Stores): Promise<number> {
  await redis.flush();
  await prepare?.(stores);
  const before = await redis.usedMemory();
  for (let at = 0; at < count; at += 1) await keep(stores, at);
  return ((await redis.usedMemory()) - before) / count;
}
