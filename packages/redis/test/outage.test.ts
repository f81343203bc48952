import { type ErrorCode, LLMClient, LLMError } from "@signalbox/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { redisStores } from "../src/index.js";
import { type ClientName, connected } from "./redis-clients.js";
import { hasRedis, startRedis } from "./redis-server.js";
import { billingSimulator, MAX_TOKENS, MODEL } from "./team-budget.js";

/** How long Redis stays away at least; the check of the promise takes ten seconds of it. */
const OUTAGE_MS = Number(process.env.REDIS_OUTAGE_MS ?? 0);
const ROADS = ["budget", "limits", "plain"] as const;
type Road = (typeof ROADS)[number];
type Outcome = "answered" | ErrorCode;

async function underLoad(name: ClientName) {
  const redis = await startRedis({ persist: true });
  onTestFinished(() => redis.stop());
  const { openrouter } = await billingSimulator();
  const logged: string[] = [];
  const say = (message: string) => void logged.push(message);
  const logger = { warn: say, info: say };
  const stores = redisStores(await connected(name, redis.url), { timeoutMs: 500, logger });
  const { budgetStore, limitStore } = stores;
  const llm = new LLMClient({
    apiKey: "sk-or-v1-outage",
    baseURL: openrouter.baseURL,
    model: MODEL,
    env: false,
    budgetStore,
    limitStore,
  });
  onTestFinished(async () => {
    await llm.close();
    await stores.close();
  });
  const clients: Record<Road, Pick<LLMClient, "generate">> = {
    budget: llm.scope({ user: "ann", budget: { usd: 100, per: "day" } }),
    limits: llm.scope({ user: "bob", limits: { requestsPerMinute: 1_000_000, tokensPerMinute: 1_000_000_000 } }),
    plain: llm,
  };
  const seen: Record<Road, Outcome[]> = { budget: [], limits: [], plain: [] };
  const errors: LLMError[] = [];
  let isOver = false;
  const ask = async (road: Road) => {
    while (!isOver) {
      try {
        await clients[road].generate({ prompt: `Tell ${road} of trains`, maxTokens: MAX_TOKENS });
        seen[road].push("answered");
      } catch (error) {
        if (!LLMError.is(error)) throw error;
        seen[road].push(error.code);
        errors.push(error);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  // Two of each at any time.
  const load = Promise.all([...ROADS, ...ROADS].map(ask));
  /** Until the latest `count` outcomes of a road are all this one. */
  const settled = async (road: Road, outcome: Outcome, count = 20) => {
    const from = seen[road].length;
    const isSo = () => seen[road].length >= from + count && seen[road].slice(-count).every((one) => one === outcome);
    while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
  };
  const end = async () => {
    isOver = true;
    await load;
  };
  return { redis, openrouter, llm, budgetStore, seen, errors, logged, settled, end };
}

describe.skipIf(!hasRedis)("Redis away under load", { timeout: 60_000 + 2 * OUTAGE_MS }, () => {
  test.each([
    ["ioredis", "down"],
    ["ioredis", "freeze"],
    ["node-redis", "down"],
    ["node-redis", "freeze"],
  ] as const)(
    "over %s (%s): budgets refuse, limits and other calls go on, and all recovers by itself",
    async (name, how) => {
      const { redis, seen, errors, logged, settled, end, openrouter, llm, budgetStore } = await underLoad(name);
      for (const road of ROADS) await settled(road, "answered");

      if (how === "down") await redis.down();
      else redis.freeze();
      // The outage itself: a real Redis is away for so long.
      const outage = new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
      await settled("budget", "provider_error");
      await Promise.all([settled("limits", "answered"), settled("plain", "answered")]);
      await outage;
      const refused = errors.filter(({ code }) => code === "provider_error").at(-1);
      expect(refused).toMatchObject({
        detail: "the budget store failed, and the call was not sent: RedisUnavailableError",
        retryable: true,
        attempts: [],
      });
      expect([new Set(seen.limits), new Set(seen.plain)]).toEqual([new Set(["answered"]), new Set(["answered"])]);

      if (how === "down") await redis.up();
      else redis.thaw();
      for (const road of ROADS) await settled(road, "answered");
      // A busy machine may be silent for so long by itself.
      const away = "Redis is away: budgets refuse, limits are counted by this process alone";
      expect(logged.length).toBeGreaterThanOrEqual(2);
      expect(logged).toEqual(logged.map((_, at) => (at % 2 === 0 ? away : "Redis is back")));
      expect(logged.at(-1)).toBe("Redis is back");
      await end();
      await llm.settled();

      // What was answered while Redis went away has been settled since: the counter is what was billed, to the digit.
      const spent = openrouter.requests.filter(({ prompt }) => prompt.startsWith("Tell budget"));
      const billed = spent.reduce((all, { cost = 0 }) => all + BigInt(Math.round(cost * 1e15)), 0n);
      const used = async () => {
        const day = new Date().toISOString().slice(0, 10);
        const entry = { counter: `budget:ann:day:${day}`, limitUsd: 0, amountUsd: 1 };
        const answer = await budgetStore.reserve([entry], crypto.randomUUID());
        return answer.ok ? undefined : BigInt(Math.round(answer.usedUsd * 1e15));
      };
      while ((await used()) !== billed) await new Promise((resolve) => setImmediate(resolve));
      expect(await used()).toBe(billed);
    },
  );
});
