import { randomBytes } from "node:crypto";
import type { StepEvent } from "@signalbox/core";
import { inRounds } from "../measure/in-rounds.ts";
import { startRedis } from "../upstream/start-redis.ts";
import { noRedisStores, openStores } from "./redis-stores.ts";
import type { Figures, SurveyScenario } from "./scenario.ts";

const ROUNDS = 5;
const WARM_UP = 20;
const RUNS = 200;
const AT_ONCE = 64;
export const RUN_EVENTS = 200;

/** A piece of a streamed answer, as a chat's run keeps it. */
export function eventOf(runId: string, seq: number): StepEvent {
  return {
    runId,
    seq,
    step: "chat",
    status: "processing",
    data: { type: "text-delta", text: "some forty characters of an answer, more" },
    message: "",
    progress: 0,
    timestamp: new Date().toISOString(),
  };
}

/** How many events of runs one Redis keeps, each run's one after the other, as a chat writes them. */
export const scenario: SurveyScenario = {
  kind: "survey",
  title: `run log in Redis: ${AT_ONCE} runs of ${RUN_EVENTS} events at once`,
  metrics: [
    { key: "eventsPerS", title: "events a second, one client process" },
    { key: "clientUs", title: "its CPU µs an event" },
    { key: "redisUs", title: "CPU µs of Redis an event" },
  ],
  unmet: noRedisStores,
  survey: async () => ({ signalbox: await inRounds(ROUNDS, measure) }),
};

async function measure(): Promise<Figures> {
  const redis = await startRedis();
  const stores = await openStores(redis.url);
  const write = async (count: number) => {
    let left = count;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        const runId = randomBytes(16).toString("hex");
        for (let seq = 1; seq <= RUN_EVENTS; seq += 1) await stores.runStore.append(runId, eventOf(runId, seq));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
  try {
    await write(WARM_UP);
    const before = await redis.info();
    const cpu = process.cpuUsage();
    const start = performance.now();
    await write(RUNS);
    const seconds = (performance.now() - start) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    const after = await redis.info();
    const events = RUNS * RUN_EVENTS;
    return {
      eventsPerS: events / seconds,
      clientUs: (user + system) / events,
      redisUs: (after.cpuUs - before.cpuUs) / events,
    };
  } finally {
    await stores.close();
    await redis.stop();
  }
}
