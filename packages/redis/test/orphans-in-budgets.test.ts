import { randomUUID } from "node:crypto";
import { type LedgerRecord, memoryLedger, settleOrphans } from "@signalbox/core/ledger";
import { describe, expect, test } from "vitest";
import { hasRedis, redisForTests } from "./redis-server.js";
import { counters } from "./team-budget.js";

const HOUR = 3_600_000;
const found = { id: "gen-1", total_cost: 0.0123 };

describe.skipIf(!hasRedis)("a request of a process that is gone, with a budget in Redis", () => {
  const redis = redisForTests();

  /** Sent more than a day ago: who cannot ask upstream waits for nobody any more. */
  async function leftBehind() {
    const { store: budgetStore, used } = await counters(redis().url);
    const ledger = memoryLedger();
    const intent = {
      id: randomUUID(),
      startedAt: Date.now() - 25 * HOUR,
      process: "elsewhere:1:0",
      operation: "chat" as const,
      provider: "openrouter",
      model: "openai/gpt-4o-mini",
      key: "0",
      worstCaseUsd: 0.5,
      generationId: found.id,
    };
    await budgetStore.reserve([{ counter: "budget:ann:total", limitUsd: 1, amountUsd: 0.5 }], intent.id);
    await ledger.begin(intent);
    const booked = async () => {
      const records: LedgerRecord[] = await Array.fromAsync(ledger.records());
      return [await used(), ...records.map(({ outcome, usd }) => `${outcome} ${usd}`)];
    };
    const away = () => Promise.reject(new Error("away"));
    /** Looks for it now, and closes it once it is told what upstream says. */
    const recover = () => {
      const { promise, resolve } = Promise.withResolvers<() => Promise<typeof found>>();
      const settling = settleOrphans({ ledger, budgetStore, lookUp: async () => (await promise)() });
      return {
        async finds() {
          resolve(async () => found);
          expect(await settling).toMatchObject({ found: 1 });
        },
        async givesUp() {
          resolve(away);
          expect(await settling).toMatchObject({ unknown: 1 });
        },
      };
    };
    return { intent, budgetStore, ledger, booked, recover };
  }

  test("costs what one of two has found, though the other gave it up first, or later", async () => {
    const early = await leftBehind();
    const [asks, cannot] = [early.recover(), early.recover()];
    await cannot.givesUp();
    expect(await early.booked()).toEqual(["0.5", "unknown 0.5"]);
    await asks.finds();
    expect(await early.booked()).toEqual(["0.0123", "answered 0.0123"]);

    const late = await leftBehind();
    const [first, second] = [late.recover(), late.recover()];
    await first.finds();
    await second.givesUp();
    expect(await late.booked()).toEqual(["0.0123", "answered 0.0123"]);
  });

  test("costs what its process tells, where that was not gone after all", async () => {
    const { intent, budgetStore, ledger, booked, recover } = await leftBehind();
    await recover().givesUp();
    await budgetStore.settle(intent.id, 0.25);
    await ledger.finish({
      ...intent,
      outcome: "answered",
      endedAt: Date.now(),
      latencyMs: 1,
      attempts: 1,
      usd: 0.25,
      source: "provider",
    });
    expect(await booked()).toEqual(["0.25", "answered 0.25"]);
  });
});
