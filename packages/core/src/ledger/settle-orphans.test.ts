import { describe, expect, test } from "vitest";
import { intentOf, recordOf, recordsOf } from "../../test/ledger-contract.js";
import { ManualClock } from "../../test/manual-clock.js";
import { createError } from "../errors/error-classes.js";
import { memoryBudgetStore } from "../limits/memory-budget-store.js";
import type { LedgerIntent } from "./ledger.js";
import { memoryLedger } from "./memory-ledger.js";
import { orphanCare } from "./orphan-care.js";
import { settleOrphans } from "./settle-orphans.js";

const HOUR = 3_600_000;
const generation = {
  id: "gen-1",
  total_cost: 0.0123,
  native_tokens_prompt: 10,
  native_tokens_completion: 20,
  provider_name: "Azure",
  finish_reason: "stop",
  generation_time: 1_500,
};
const notFound = async () => {
  throw createError("not_found", "no such generation");
};

/** A ledger with intents that a process elsewhere began an hour ago, and a budget store that holds their money. */
async function leftBehind(...given: Partial<LedgerIntent>[]) {
  const clock = new ManualClock();
  const ledger = memoryLedger({ clock });
  const budgetStore = memoryBudgetStore(clock);
  const startedAt = clock.date() - HOUR;
  const intents = given.map((more) => intentOf({ process: "elsewhere:1:0", startedAt, worstCaseUsd: 0.5, ...more }));
  for (const intent of intents) {
    await ledger.begin(intent);
    await budgetStore.reserve([{ counter: "day", limitUsd: 10, amountUsd: 0.5 }], intent.id);
  }
  const spent = async () => {
    const answer = await budgetStore.reserve([{ counter: "day", limitUsd: 0, amountUsd: 1 }], "look");
    return answer.ok ? undefined : answer.usedUsd;
  };
  return { clock, ledger, budgetStore, intents, spent };
}

describe("settleOrphans()", () => {
  test("closes a request with what upstream knows of its generation, in the budget too", async () => {
    const { spent, intents, ...left } = await leftBehind({ generationId: "gen-1" });
    const asked: string[] = [];
    const lookUp = async (id: string) => {
      asked.push(id);
      return generation;
    };
    expect(await settleOrphans({ ...left, lookUp })).toEqual({ found: 1, unknown: 0, left: 0 });
    expect(asked).toEqual(["gen-1"]);
    expect(await recordsOf(left.ledger)).toStrictEqual([
      {
        ...intents[0],
        outcome: "answered",
        endedAt: left.clock.date(),
        latencyMs: 1_500,
        attempts: 1,
        servedBy: "Azure",
        finishReason: "stop",
        promptTokens: 10,
        completionTokens: 20,
        usd: 0.0123,
        isByok: false,
        source: "generation",
      },
    ]);
    expect(await spent()).toBe(0.0123);
    expect(await left.ledger.orphans()).toEqual([]);
  });

  test("one that upstream says was cancelled was aborted", async () => {
    const { ledger, clock } = await leftBehind({ generationId: "gen-1" });
    await settleOrphans({ ledger, clock, lookUp: async () => ({ ...generation, cancelled: true }) });
    expect(await recordsOf(ledger)).toMatchObject([{ outcome: "aborted", usd: 0.0123 }]);
  });

  test("without a generation, or where upstream has none, it is unknown and costs the most it can have cost", async () => {
    const { spent, ...left } = await leftBehind({}, { generationId: "gen-lost" });
    expect(await settleOrphans({ ...left, lookUp: notFound })).toEqual({ found: 0, unknown: 2, left: 0 });
    const unknown = { outcome: "unknown", usd: 0.5, source: "worst_case", latencyMs: 0 };
    expect(await recordsOf(left.ledger)).toMatchObject([unknown, unknown]);
    expect(await spent()).toBe(1);
  });

  test("where nothing was known of its price nothing is charged, and what was set aside is given back", async () => {
    const { spent, ...left } = await leftBehind({ worstCaseUsd: undefined });
    await settleOrphans(left);
    const [record] = await recordsOf(left.ledger);
    expect(record).toMatchObject({ outcome: "unknown" });
    expect(record).not.toHaveProperty("usd");
    expect(await spent()).toBe(0);
  });

  test("is left where upstream cannot be asked, for a day at most", async () => {
    const { ledger, clock } = await leftBehind({ generationId: "gen-1" });
    const left: unknown[] = [];
    const options = {
      ledger,
      clock,
      lookUp: () => Promise.reject(createError("connection", "refused")),
      onLeft: (intent: LedgerIntent, error: unknown) => left.push([intent.generationId, String(error)]),
    };
    expect(await settleOrphans(options)).toEqual({ found: 0, unknown: 0, left: 1 });
    expect(left).toEqual([["gen-1", expect.stringContaining("refused")]]);
    expect(await recordsOf(ledger)).toEqual([]);
    clock.advance(24 * HOUR);
    expect(await settleOrphans(options)).toEqual({ found: 0, unknown: 1, left: 0 });
  });

  test("who cannot look a generation up leaves it for a day to those who can", async () => {
    const { spent, ...both } = await leftBehind({ generationId: "gen-1" }, {});
    const left: unknown[] = [];
    const onLeft = (intent: LedgerIntent, error: unknown) => left.push([intent.generationId, String(error)]);
    expect(await settleOrphans({ ...both, onLeft })).toEqual({ found: 0, unknown: 1, left: 1 });
    expect(left).toEqual([["gen-1", expect.stringContaining("lookUp")]]);
    expect(await settleOrphans({ ...both, lookUp: async () => generation })).toMatchObject({ found: 1 });
    const [known, lost] = both.intents;
    const found = await recordsOf(both.ledger);
    expect(new Map(found.map(({ id, usd }) => [id, usd]))).toEqual(
      new Map([
        [known?.id, 0.0123],
        [lost?.id, 0.5],
      ]),
    );
    expect(await spent()).toBe(0.5123);
  });

  test("but not one of a provider that tells nobody afterwards", async () => {
    const { ledger, clock } = await leftBehind({ generationId: "chatcmpl-1", provider: "openai" });
    expect(await settleOrphans({ ledger, clock })).toEqual({ found: 0, unknown: 1, left: 0 });
  });

  test("nobody leaves it for longer than a day", async () => {
    const { spent, ...left } = await leftBehind({ generationId: "gen-1" });
    left.clock.advance(23 * HOUR);
    expect(await settleOrphans(left)).toEqual({ found: 0, unknown: 0, left: 1 });
    left.clock.advance(1);
    expect(await settleOrphans(left)).toEqual({ found: 0, unknown: 1, left: 0 });
    expect(await spent()).toBe(0.5);
  });

  test("a generation that upstream may not know yet is asked for again", async () => {
    const clock = new ManualClock();
    const ledger = memoryLedger({ clock, staleMs: 0 });
    await ledger.begin(intentOf({ process: "elsewhere:1:0", startedAt: clock.date(), generationId: "gen-1" }));
    clock.advance(1);
    let looks = 0;
    const settling = settleOrphans({
      ledger,
      clock,
      lookUp: () => (++looks < 3 ? notFound() : Promise.resolve(generation)),
    });
    await clock.waiting(1_000);
    clock.advance(1_000);
    await clock.waiting(2_000);
    clock.advance(2_000);
    expect(await settling).toEqual({ found: 1, unknown: 0, left: 0 });
  });

  test("who is told to end leaves the rest", async () => {
    const { ledger, clock } = await leftBehind({}, {});
    expect(await settleOrphans({ ledger, clock, signal: AbortSignal.abort() })).toEqual({
      found: 0,
      unknown: 0,
      left: 2,
    });
    expect(await ledger.orphans()).toHaveLength(2);
  });

  test("two at once come to one record and one settlement each", async () => {
    const given = Array.from({ length: 20 }, (_, at) => ({ generationId: at % 2 ? `gen-${at}` : undefined }));
    const { spent, ...left } = await leftBehind(...given);
    const lookUp = async () => generation;
    await Promise.all([settleOrphans({ ...left, lookUp }), settleOrphans({ ...left, lookUp })]);
    expect(await recordsOf(left.ledger)).toHaveLength(20);
    expect(await spent()).toBe(5.123);
  });

  test("a budget store that fails leaves the request for the next time, and so does a ledger", async () => {
    const { ledger, clock } = await leftBehind({});
    const broken = { settle: () => Promise.reject(new Error("away")), release: async () => {} };
    expect(await settleOrphans({ ledger, clock, budgetStore: broken })).toMatchObject({ left: 1 });
    const late = { ...broken, sent: () => Promise.reject(new Error("away")) };
    expect(await settleOrphans({ ledger, clock, budgetStore: late })).toMatchObject({ left: 1 });
    expect(await ledger.orphans()).toHaveLength(1);
    const finish = () => Promise.reject(new Error("away"));
    expect(await settleOrphans({ ledger: { ...ledger, finish }, clock })).toMatchObject({ left: 1 });
  });

  test("what its process writes after all takes the place of `unknown`", async () => {
    const { ledger, clock, intents } = await leftBehind({});
    await settleOrphans({ ledger, clock });
    await ledger.finish(recordOf(intents[0] as LedgerIntent, { usd: 0.25 }));
    expect(await recordsOf(ledger)).toMatchObject([{ outcome: "answered", usd: 0.25 }]);
  });
});

test("a client looks for orphans with its first call, and again when a quarter of an hour has passed", async () => {
  const { ledger, clock } = await leftBehind({});
  const care = orphanCare({ ledger, clock });
  const first = care();
  expect(care()).toBeUndefined();
  expect(await first).toMatchObject({ unknown: 1 });
  clock.advance(15 * 60_000 - 1);
  expect(care()).toBeUndefined();
  clock.advance(1);
  expect(await care()).toMatchObject({ unknown: 0 });
  expect(orphanCare({ ledger: { begin: ledger.begin, finish: ledger.finish }, clock })()).toBeUndefined();
});
