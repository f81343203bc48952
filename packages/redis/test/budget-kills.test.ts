import { describe, expect, test } from "vitest";
import { sourceProcess } from "../../core/test/source-process.js";
import type { BudgetProgram, KILL_POINTS } from "./budget-program.js";
import type { ClientName } from "./redis-clients.js";
import { hasRedis, redisForTests } from "./redis-server.js";
import { billingSimulator, counters, MAX_TOKENS, MODEL, worstCase } from "./team-budget.js";

type Point = (typeof KILL_POINTS)[number];
/** How a call goes on its way to the point. */
interface Way {
  at: Point | "request";
  client: ClientName;
  nth?: number;
  more?: Partial<BudgetProgram>;
  upstream?: "hold" | "refuse" | "busy-once";
  /** What stays counted until it is settled: nothing, what was set aside, or what it cost. */
  stays: "nothing" | "set aside" | "cost" | "set aside or cost" | "set aside or nothing";
}

const stream = { stream: true };
const limited = { requestsPerMinute: 600 };

/** Twenty points of reserve, send, settle; chance is seeded: the simulator's answers and which piece of a stream it is. */
const WAYS: Way[] = [
  { at: "reserve-called", client: "ioredis", stays: "nothing" },
  { at: "reserve-asked", client: "ioredis", stays: "nothing" },
  { at: "reserve-asked", client: "node-redis", stays: "nothing" },
  { at: "reserve-answered", client: "node-redis", stays: "nothing" },
  { at: "take-asked", client: "ioredis", more: limited, stays: "nothing" },
  { at: "take-answered", client: "node-redis", more: limited, stays: "nothing" },
  { at: "sent-called", client: "ioredis", stays: "nothing" },
  { at: "sent-marked", client: "ioredis", stays: "set aside" },
  { at: "request", client: "ioredis", upstream: "hold", stays: "set aside" },
  { at: "request", client: "node-redis", upstream: "hold", stays: "set aside" },
  { at: "started", client: "ioredis", more: stream, stays: "set aside" },
  { at: "delta", client: "ioredis", nth: 1, more: stream, stays: "set aside" },
  { at: "delta", client: "node-redis", nth: 3, more: stream, stays: "set aside" },
  { at: "left", client: "ioredis", more: { stream: true, leave: true }, stays: "set aside" },
  { at: "retry", client: "node-redis", upstream: "busy-once", stays: "set aside" },
  { at: "settle-called", client: "node-redis", stays: "set aside" },
  { at: "settle-asked", client: "ioredis", more: stream, stays: "set aside or cost" },
  { at: "settle-answered", client: "node-redis", stays: "cost" },
  { at: "release-asked", client: "ioredis", upstream: "refuse", stays: "set aside or nothing" },
  { at: "answered", client: "ioredis", stays: "cost" },
];

describe.skipIf(!hasRedis)("a process that is killed on its way", { timeout: 60_000 }, () => {
  const redis = redisForTests();

  test.each(WAYS)("at $at ($client) leaves $stays counted, and what is settled late is counted once", async (way) => {
    const { at, client, nth, more, upstream, stays } = way;
    const never = new Promise<undefined>(() => {});
    const { openrouter, billed } = await billingSimulator(() => (upstream === "hold" ? never : undefined));
    if (upstream === "refuse") openrouter.reply({ status: 400 });
    if (upstream === "busy-once") openrouter.reply({ status: 503 });
    // Everything that lapses has lapsed in the eyes of whoever comes an hour and a half later.
    const { prefix, store, used, reservations } = await counters(redis().url, 5_400_000);
    const usd = await worstCase(openrouter.baseURL);
    const asked = openrouter.waitFor(({ path }) => path === "/chat/completions");
    const shared = { client, redis: redis().url, prefix, baseURL: openrouter.baseURL, model: MODEL, ...more };
    const kill = at === "request" ? {} : { kill: { at, ...(nth === undefined ? {} : { nth }) } };
    const program: BudgetProgram = { ...shared, usd, maxTokens: MAX_TOKENS, ...kill };
    const caller = sourceProcess(new URL("budget-program.ts", import.meta.url), [JSON.stringify(program)]);
    expect(await caller.line()).toBe("ready");
    caller.say("1");
    if (at === "request") {
      await asked;
      caller.kill("SIGKILL");
    }
    expect(await caller.exited).toEqual([null, "SIGKILL"]);

    const requests = await Promise.all(openrouter.requests.map(({ closed }) => closed));
    const open = await reservations();
    const counted = await used();
    // Never less than what is billed.
    expect(Number(counted)).toBeGreaterThanOrEqual(Number(billed()));
    const possible: Record<string, string[]> = {
      nothing: ["0"],
      "set aside": ["more"],
      cost: [billed()],
      "set aside or cost": ["more", billed()],
      "set aside or nothing": ["more", "0"],
    };
    const isMore = Number(counted) > Number(billed()) && Number(counted) <= usd;
    expect(possible[stays]).toContain(isMore ? "more" : counted);
    if (stays === "nothing") expect(requests).toEqual([]);

    // As the ledger's recovery does, from wherever it runs, and more often than once.
    const cost = requests.reduce((all, request) => all + (request.cost ?? 0), 0);
    for (const id of open) {
      await store.settle(id, cost);
      await store.settle(id, usd);
      await store.release(id);
    }
    expect(await used()).toBe(billed());
    // What was not spent can be spent.
    const left = { counter: "left", limitUsd: usd, amountUsd: usd - Number(billed()) };
    expect(await store.reserve([left], "left")).toEqual({ ok: true });
  });
});
