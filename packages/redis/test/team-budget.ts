import { randomUUID } from "node:crypto";
import { LLMClient } from "@signalbox/core";
import { type Script, type Simulator, startSimulator } from "@signalbox/testing";
import { onTestFinished } from "vitest";
import { redisBudgetStore } from "../src/budgets/redis-budget-store.js";
import { openRedisConnection } from "../src/connection/redis-connection.js";
import { connected } from "./redis-clients.js";

export const MODEL = "openai/gpt-4o-mini";
export const MAX_TOKENS = 200;

/** What calls of "Tell me of train …" may cost at most, as the client reckons. */
export async function worstCase(baseURL: string): Promise<number> {
  const asked: number[] = [];
  const llm = new LLMClient({
    apiKey: "sk-or-v1-worst",
    baseURL,
    model: MODEL,
    env: false,
    budget: { usd: 1, per: "day" },
    budgetStore: {
      async reserve([entry]) {
        asked.push(entry?.amountUsd ?? 0);
        return { ok: false, counter: "", limitUsd: 0, usedUsd: 0 };
      },
      settle: async () => {},
      release: async () => {},
    },
  });
  // The longest of their prompts.
  await llm.generate({ prompt: "Tell me of train 199", maxTokens: MAX_TOKENS }).catch(() => {});
  await llm.close();
  return asked[0] ?? 0;
}

/** A simulator for the length of the test, and what it has billed. */
export async function billingSimulator(script?: Script) {
  const openrouter: Simulator = await startSimulator({ seed: 1, script });
  onTestFinished(() => openrouter.close());
  const billed = () => sum(openrouter.requests.map(({ cost }) => cost ?? 0));
  return { openrouter, billed };
}

/** The counters of a prefix of the test's own, as another process sees them, `laterMs` from now. */
export async function counters(url: string, laterMs = 0) {
  const prefix = `{${randomUUID()}}`;
  const connection = openRedisConnection(await connected("ioredis", url));
  onTestFinished(() => connection.close());
  const seen = (later: number) => redisBudgetStore(connection, prefix, { now: () => Date.now() + later });
  const keys = async (pattern: string) => (await connection.command("KEYS", `${prefix}:${pattern}`)) as string[];
  return {
    prefix,
    store: seen(laterMs),
    /** What is spent and set aside, digit by digit; everything that has lapsed by `laterMs` is given back first. */
    async used(later = laterMs): Promise<string> {
      await seen(later).reserve([{ counter: "probe", limitUsd: 0, amountUsd: 1 }], randomUUID());
      const [counter] = await keys("budget:*");
      return counter === undefined ? "0" : String(await connection.command("GET", counter));
    },
    /** The reservations that are not ended. */
    async reservations(): Promise<string[]> {
      return (await keys("reservation:*")).map((key) => key.slice(`${prefix}:reservation:`.length));
    },
  };
}

/** Adds amounts that have at most 15 decimals, exactly; as the store writes it. */
export function sum(amounts: readonly number[]): string {
  const units = amounts.reduce((all, usd) => all + BigInt(Math.round(usd * 1e15)), 0n);
  const digits = units.toString().padStart(16, "0");
  return `${digits.slice(0, -15)}.${digits.slice(-15)}`.replace(/\.?0+$/, "");
}
