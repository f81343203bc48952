import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LLMClient } from "@signalbox/core";
import { addFigures, type Values } from "../measure/in-rounds.ts";
import { API_KEY, MODEL } from "../peers/peer.ts";
import { median } from "../report/statistics.ts";
import { type SlowLink, startSlowLink } from "../upstream/slow-link.ts";
import { type StartedRedis, startRedis } from "../upstream/start-redis.ts";
import { noRedisStores, openStores } from "./redis-stores.ts";
import type { Figures, SurveyScenario } from "./scenario.ts";

const ROUNDS = 5;
const WARM_UP = 200;
const CALLS = 10;
const DELAY_MS = 50;
const AT_ONCE = 64;
const COUNTED_CALLS = 2_000;

type Call = (llm: LLMClient) => Promise<unknown>;

const KINDS: Readonly<Record<string, Call>> = {
  generate: (llm) => llm.generate({ prompt: "bench:json" }),
  stream: async (llm) => {
    let text = "";
    for await (const piece of llm.stream({ prompt: "bench:short" })) text += piece;
    return text;
  },
};

/** What one call with limits and two budget windows asks of Redis. */
export const scenario: SurveyScenario = {
  kind: "survey",
  title: "calls with limits and two budget windows in Redis",
  metrics: [
    { key: "roundTrips", title: "round trips that a call waits for" },
    { key: "addedMs", title: `ms added by ${DELAY_MS} ms of delay` },
    { key: "scripts", title: "scripts a call" },
    { key: "redisUs", title: "CPU µs of Redis a call" },
    { key: "clientUs", title: "CPU µs of the client a call" },
    { key: "bytesIn", title: "bytes to Redis" },
    { key: "bytesOut", title: "bytes from Redis" },
  ],
  unmet: noRedisStores,
  async survey({ corePackage, baseURL }) {
    const core = (await import(
      pathToFileURL(join(corePackage, "dist", "index.js")).href
    )) as typeof import("@signalbox/core");
    const values: Record<string, Values> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [kind, call] of Object.entries(KINDS)) {
        values[kind] ??= {};
        addFigures(values[kind], await measure(core, baseURL, call));
      }
    }
    return values;
  },
};

async function measure({ LLMClient }: typeof import("@signalbox/core"), baseURL: string, call: Call): Promise<Figures> {
  const redis = await startRedis();
  const link = await startSlowLink(Number(new URL(redis.url).port));
  const stores = await openStores(`redis://127.0.0.1:${link.port}`);
  const llm = new LLMClient({
    env: false,
    apiKey: API_KEY,
    baseURL,
    model: MODEL,
    budgetStore: stores.budgetStore,
    limitStore: stores.limitStore,
    budget: [
      { usd: 1_000_000, per: "day" },
      { usd: 10_000_000, per: "month" },
    ],
    limits: { requestsPerMinute: 10_000_000, maxConcurrency: 2_000 },
  });
  try {
    for (let at = 0; at < WARM_UP; at += 1) await call(llm);
    return { ...(await waits(llm, link, call)), ...(await counts(llm, redis, link, call)) };
  } finally {
    await llm.close();
    await stores.close();
    await link.close();
    await redis.stop();
  }
}

/** What every answer's delay adds to a call, in delays: what goes on at once, or is waited for by nobody, adds none. */
async function waits(llm: LLMClient, link: SlowLink, call: Call): Promise<Figures> {
  const near = await callMs(llm, call);
  link.delayMs = DELAY_MS;
  const far = await callMs(llm, call);
  link.delayMs = 0;
  return { addedMs: far - near, roundTrips: Math.round((far - near) / DELAY_MS) };
}

async function callMs(llm: LLMClient, call: Call): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < CALLS; at += 1) {
    const start = performance.now();
    await call(llm);
    times.push(performance.now() - start);
  }
  return median(times);
}

async function counts(llm: LLMClient, redis: StartedRedis, link: SlowLink, call: Call): Promise<Figures> {
  let left = COUNTED_CALLS;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await call(llm);
      link.sent.length = 0;
    }
  };
  const before = await redis.info();
  const cpu = process.cpuUsage();
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const { user, system } = process.cpuUsage(cpu);
  const after = await redis.info();
  if (after.failed > before.failed) throw new Error(`${after.failed - before.failed} scripts have failed`);
  return {
    scripts: (after.scripts - before.scripts) / COUNTED_CALLS,
    redisUs: (after.cpuUs - before.cpuUs) / COUNTED_CALLS,
    clientUs: (user + system) / COUNTED_CALLS,
    bytesIn: (after.bytesIn - before.bytesIn) / COUNTED_CALLS,
    bytesOut: (after.bytesOut - before.bytesOut) / COUNTED_CALLS,
  };
}
