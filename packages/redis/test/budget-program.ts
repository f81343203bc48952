// A process with a budget: it says "ready", makes as many calls at once as a line of its input tells, says of each what
// came of it, and "done" at last. Where it is told to, it kills itself with SIGKILL at one point of a call.
import { createInterface } from "node:readline";
import { type BudgetStore, type LimitStore, LLMClient, LLMError } from "@signalbox/core";
import { redisBudgetStore } from "../src/budgets/redis-budget-store.js";
import { openRedisConnection } from "../src/connection/redis-connection.js";
import { redisLimitStore } from "../src/limits/redis-limit-store.js";
import { type ClientName, openClient } from "./open-client.js";

/** Where a process can die. */
export const KILL_POINTS = [
  ...["reserve-called", "reserve-asked", "reserve-answered", "take-asked", "take-answered"],
  ...["sent-called", "sent-marked", "started", "delta", "retry", "left"],
  ...["settle-called", "settle-asked", "settle-answered"],
  ...["release-called", "release-asked", "release-answered", "answered"],
] as const;

export interface BudgetProgram {
  client: ClientName;
  redis: string;
  prefix: string;
  baseURL: string;
  model: string;
  usd: number;
  maxTokens: number;
  stream?: boolean;
  /** Leaves the stream after its first piece. */
  leave?: boolean;
  requestsPerMinute?: number;
  kill?: { at: (typeof KILL_POINTS)[number]; nth?: number };
}

const program = JSON.parse(process.argv[2] ?? "") as BudgetProgram;
const { client } = await openClient(program.client, program.redis);
const connection = openRedisConnection(client);

let reached = 0;
function point(name: (typeof KILL_POINTS)[number]): void {
  if (program.kill?.at !== name) return;
  reached += 1;
  if (reached === (program.kill.nth ?? 1)) process.kill(process.pid, "SIGKILL");
}

function watched(store: BudgetStore): BudgetStore {
  const told = async <T>(verb: "reserve" | "settle" | "release", ask: () => Promise<T>): Promise<T> => {
    point(`${verb}-called`);
    const asked = ask();
    point(`${verb}-asked`);
    const answer = await asked;
    point(`${verb}-answered`);
    return answer;
  };
  return {
    reserve: (entries, id) => told("reserve", () => store.reserve(entries, id)),
    sent(id) {
      point("sent-called");
      store.sent?.(id);
      point("sent-marked");
    },
    settle: (id, usd) => told("settle", () => store.settle(id, usd)),
    release: (id) => told("release", () => store.release(id)),
  };
}

const limits = redisLimitStore(connection, program.prefix);
const limitStore: LimitStore = {
  async take(entries) {
    const asked = limits.take(entries);
    point("take-asked");
    const answer = await asked;
    point("take-answered");
    return answer;
  },
};

const llm = new LLMClient({
  apiKey: "sk-or-v1-budget",
  baseURL: program.baseURL,
  model: program.model,
  env: false,
  budget: { usd: program.usd, per: "day", key: "team" },
  budgetStore: watched(redisBudgetStore(connection, program.prefix)),
  limitStore,
  limits: { requestsPerMinute: program.requestsPerMinute },
});
llm.on("retry", () => point("retry"));

async function call(prompt: string): Promise<string> {
  try {
    const request = { prompt, maxTokens: program.maxTokens };
    if (program.stream === true) {
      const stream = llm.stream(request);
      for await (const event of stream.events) {
        if (event.type === "start") point("started");
        if (event.type === "text-delta") point("delta");
        if (event.type === "text-delta" && program.leave === true) break;
      }
      if (program.leave === true) point("left");
      else await stream.result;
    } else await llm.generate(request);
    point("answered");
    return "answered";
  } catch (error) {
    return LLMError.is(error) ? error.code : String(error);
  }
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const say = async (at: number) => console.log(await call(`Tell me of train ${at}`));
  await Promise.all(Array.from({ length: Number(line) }, (_, at) => say(at)));
  await llm.settled();
  console.log("done");
});
console.log("ready");
