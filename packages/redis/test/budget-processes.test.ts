import { describe, expect, test } from "vitest";
import { sourceProcess } from "../../core/test/source-process.js";
import type { BudgetProgram } from "./budget-program.js";
import { CLIENTS } from "./redis-clients.js";
import { hasRedis, redisForTests } from "./redis-server.js";
import { billingSimulator, counters, MAX_TOKENS, MODEL, worstCase } from "./team-budget.js";

const CALLS = 200;

describe.skipIf(!hasRedis).each(CLIENTS)(
  "a budget for 10 that two processes share over %s",
  { timeout: 60_000 },
  (client) => {
    const redis = redisForTests();

    async function setUp(hold?: Promise<void>) {
      const { openrouter, billed } = await billingSimulator(async () => {
        await hold;
        return undefined;
      });
      const { prefix, used, reservations } = await counters(redis().url);
      // Of ten calls at once; rounding is no eleventh.
      const usd = (await worstCase(openrouter.baseURL)) * 10.5;
      const shared = { client, redis: redis().url, prefix, baseURL: openrouter.baseURL, model: MODEL };
      const program: BudgetProgram = { ...shared, usd, maxTokens: MAX_TOKENS };
      const start = async () => {
        const started = sourceProcess(new URL("budget-program.ts", import.meta.url), [JSON.stringify(program)]);
        expect(await started.line()).toBe("ready");
        return started;
      };
      const processes = await Promise.all([start(), start()]);
      /** All calls at once, half of them in each process. */
      const ask = async (told: (outcomes: readonly string[]) => void = () => {}) => {
        const outcomes: string[] = [];
        const listen = async ({ say, line }: (typeof processes)[number]) => {
          say(String(CALLS / 2));
          for (let outcome = await line(); outcome !== "done"; outcome = await line()) {
            outcomes.push(outcome);
            told(outcomes);
          }
        };
        await Promise.all(processes.map(listen));
        return outcomes;
      };
      return { openrouter, billed, used, reservations, usd, ask };
    }

    test("of 200 calls at once exactly 10 are sent while none is settled; what they did not use comes back", async () => {
      const hold = Promise.withResolvers<void>();
      const { openrouter, billed, used, reservations, usd, ask } = await setUp(hold.promise);
      const refused = Promise.withResolvers<void>();
      const asked = ask(({ length }) => length === CALLS - 10 && refused.resolve());
      await refused.promise;
      expect((await reservations()).length).toBe(10);
      hold.resolve();
      const outcomes = await asked;
      expect(outcomes.slice(0, CALLS - 10)).toEqual(Array(CALLS - 10).fill("budget_exceeded"));
      expect(outcomes.slice(CALLS - 10)).toEqual(Array(10).fill("answered"));
      expect(openrouter.requests).toHaveLength(10);
      expect(Number(billed())).toBeLessThanOrEqual(usd);
      expect([await used(), await reservations()]).toEqual([billed(), []]);
    });

    test("wave after wave, what is billed stays within the budget and is what is counted, to the last digit", async () => {
      const { openrouter, billed, used, reservations, usd, ask } = await setUp();
      for (let wave = 0; wave < 3; wave++) {
        const outcomes = await ask();
        expect(new Set(outcomes)).toEqual(new Set(["answered", "budget_exceeded"]));
        expect(Number(billed())).toBeLessThanOrEqual(usd);
        expect([await used(), await reservations()]).toEqual([billed(), []]);
      }
      expect(openrouter.requests.length).toBeGreaterThanOrEqual(10);
    });
  },
);
