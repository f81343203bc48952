import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { inRounds } from "../measure/in-rounds.ts";
import { percentile } from "../report/statistics.ts";
import { type StartedRedis, startRedis } from "../upstream/start-redis.ts";
import type { Order, Paced, Saturated } from "./redis-client.ts";
import { replayPairs } from "./redis-replay.ts";
import { noRedisStores } from "./redis-stores.ts";
import type { Figures, SurveyScenario } from "./scenario.ts";

const ROUNDS = 7;
const PER_SECOND = 1_000;
const SECONDS = 5;
const AT_ONCE = 256;
const PAIRS = 20_000;

/** What setting money aside in two windows and settling it costs over a Redis on the same machine. */
export const scenario: SurveyScenario = {
  kind: "survey",
  title: `budgets in Redis, two windows: ${PER_SECOND.toLocaleString("en")} reservations a second, then as many as it takes`,
  metrics: [
    { key: "p50Us", title: "reserve + settle at 1,000 a second, p50 µs" },
    { key: "p99Us", title: "p99 µs" },
    { key: "reserveP99Us", title: "reserve alone, p99 µs" },
    { key: "settleP99Us", title: "settle alone, p99 µs" },
    { key: "clientPerS", title: "scripts a second, one client process" },
    { key: "clientUs", title: "its CPU µs a script" },
    { key: "redisPerS", title: "scripts a second, Redis saturated" },
    { key: "redisUs", title: "its CPU µs a script" },
  ],
  unmet: noRedisStores,
  survey: async () => ({ signalbox: await inRounds(ROUNDS, measure) }),
};

/** A Redis and a client of its own, warmed up, measured and ended. */
async function measure(): Promise<Figures> {
  const redis = await startRedis();
  const client = fork(fileURLToPath(new URL("redis-client.ts", import.meta.url)), [redis.url], {
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    await told(client);
    await ordered<Saturated>(client, { kind: "saturate", atOnce: AT_ONCE, pairs: PAIRS });
    await ordered<Paced>(client, { kind: "pace", perSecond: PER_SECOND, seconds: 1 });
    const paced = await ordered<Paced>(client, { kind: "pace", perSecond: PER_SECOND, seconds: SECONDS });
    return { ...latencies(paced), ...(await saturations(redis, client)) };
  } finally {
    client.disconnect();
    await redis.stop();
  }
}

function latencies({ reserveUs, settleUs }: Paced): Figures {
  const both = reserveUs.map((us, at) => us + (settleUs[at] ?? Number.NaN));
  return {
    p50Us: percentile(both, 50),
    p99Us: percentile(both, 99),
    reserveP99Us: percentile(reserveUs, 99),
    settleP99Us: percentile(settleUs, 99),
  };
}

async function saturations(redis: StartedRedis, client: ChildProcess): Promise<Figures> {
  const order: Order = { kind: "saturate", atOnce: AT_ONCE, pairs: PAIRS };
  const before = await redis.info();
  const { wallMs, cpuUs } = await ordered<Saturated>(client, order);
  const between = await redis.info();
  const replayed = await replayPairs(redis.url, PAIRS);
  const after = await redis.info();
  // At the very start some are asked for that Redis does not know yet.
  if (after.failed > before.failed) throw new Error(`${after.failed - before.failed} scripts have failed`);
  const [own, raw] = [between.scripts - before.scripts, after.scripts - between.scripts];
  return {
    clientPerS: (own * 1_000) / wallMs,
    clientUs: cpuUs / own,
    redisPerS: (raw * 1_000) / replayed.wallMs,
    redisUs: (after.cpuUs - between.cpuUs) / raw,
  };
}

async function ordered<Answer>(client: ChildProcess, order: Order): Promise<Answer> {
  client.send(order);
  return (await told(client)) as Answer;
}

async function told(client: ChildProcess): Promise<unknown> {
  const [message] = await Promise.race([
    once(client, "message"),
    once(client, "exit").then(([code]) => {
      throw new Error(`the client ended with ${code}`);
    }),
  ]);
  return message;
}
