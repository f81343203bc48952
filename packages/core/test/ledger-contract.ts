import { hostname } from "node:os";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Ledger, type LedgerIntent, type LedgerRecord, thisProcess } from "../src/ledger/index.js";
import { toMoney } from "../src/usage/money.js";

/** A ledger to examine. */
export interface LedgerUnderTest {
  ledger: Ledger;
  /** Another process's view of the same ledger, or a second one of this. */
  peer?: Ledger | undefined;
  /** Reads what the ledger has written, where it cannot itself. */
  reader?: Pick<Ledger, "records"> | undefined;
  /** Everything that it has written, as text; absent where it writes nowhere. */
  written?: (() => Promise<string>) | undefined;
  /** The ledger's wall clock, in milliseconds. */
  now(): number;
  advance(ms: number): void;
}

let count = 0;

export function intentOf(more: Partial<LedgerIntent> = {}): LedgerIntent {
  return {
    id: `request-${process.pid}-${String(++count).padStart(6, "0")}`,
    startedAt: 1_000,
    process: thisProcess(),
    operation: "chat",
    provider: "openrouter",
    model: "openai/gpt-4o-mini",
    key: "0123456789abcdef",
    ...more,
  };
}

export function recordOf(intent: LedgerIntent, more: Partial<LedgerRecord> = {}): LedgerRecord {
  return {
    ...intent,
    outcome: "answered",
    endedAt: intent.startedAt + 500,
    latencyMs: 500.25,
    attempts: 1,
    usd: 0.0001,
    source: "provider",
    ...more,
  };
}

/** All that a record can have. */
export function fullRecord(): LedgerRecord {
  const intent = intentOf({
    user: "ann",
    metadata: { feature: 'deck "x"', 语言: "中文 😀" },
    worstCaseUsd: 0.000001234567,
    generationId: "gen-1",
  });
  return recordOf(intent, {
    outcome: "failed",
    code: "stream_truncated",
    latencyMs: 1234.5678901,
    firstTokenMs: 0.1,
    attempts: 3,
    servedBy: "Azure",
    finishReason: "stop",
    promptTokens: 12,
    completionTokens: 9_007_199_254_740_991,
    cachedTokens: 0,
    reasoningTokens: 7,
    usd: 1e-12,
    isByok: false,
    source: "generation",
  });
}

export async function recordsOf(ledger: Pick<Ledger, "records">, range?: { from?: number; to?: number }) {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.records?.(range) ?? []) records.push(record);
  return records;
}

const elsewhere = "another-machine:1:0123";

/** What every Ledger has to do. */
export function ledgerContract(
  name: string,
  make: () => LedgerUnderTest | Promise<LedgerUnderTest>,
  { keepsIntents = true } = {},
): void {
  const open = async () => {
    const made = await make();
    const read = (range?: { from?: number; to?: number }) => recordsOf(made.reader ?? made.ledger, range);
    return { ...made, peer: made.peer ?? made.ledger, read };
  };

  describe(`${name} as a Ledger`, () => {
    test("keeps a record with all it has, and nothing of what it has not", async () => {
      const { ledger, read } = await open();
      const [full, bare] = [fullRecord(), recordOf(intentOf(), { usd: undefined, source: undefined })];
      await ledger.begin(full);
      await ledger.finish(full);
      await ledger.finish(bare);
      const { usd: _, source: __, ...left } = bare;
      expect(await read()).toStrictEqual([full, left]);
    });

    test("an intent is no record; what became of it takes its place", async () => {
      const { ledger, read } = await open();
      const intent = intentOf();
      await ledger.begin(intent);
      expect(await read()).toEqual([]);
      await ledger.finish(recordOf(intent, { outcome: "aborted", code: "aborted" }));
      expect(await read()).toMatchObject([{ id: intent.id, outcome: "aborted" }]);
    });

    test("a later record takes the place of an earlier one, in either process", async () => {
      const { ledger, peer, read } = await open();
      const intent = intentOf();
      await ledger.begin(intent);
      await ledger.finish(recordOf(intent, { usd: 1, promptTokens: 7 }));
      await peer.finish(recordOf(intent, { usd: 2, source: "generation" }));
      expect(await read()).toStrictEqual([recordOf(intent, { usd: 2, source: "generation" })]);
    });

    test("an outcome takes the place of `unknown`, and `unknown` that of no outcome", async () => {
      const { ledger, peer, read } = await open();
      const [late, early, twice] = [intentOf(), intentOf(), intentOf()];
      const unknown = { outcome: "unknown", usd: 9, source: "worst_case" } as const;
      for (const intent of [late, early, twice]) await ledger.begin(intent);
      await peer.finish(recordOf(late, unknown));
      await ledger.finish(recordOf(late));
      await ledger.finish(recordOf(early));
      await peer.finish(recordOf(early, unknown));
      await ledger.finish(recordOf(twice, unknown));
      await peer.finish(recordOf(twice, { ...unknown, usd: 8 }));
      expect((await read()).map(({ outcome, usd }) => [outcome, usd])).toEqual([
        ["answered", 0.0001],
        ["answered", 0.0001],
        ["unknown", 8],
      ]);
    });

    test("what comes after the record changes nothing: the intent again, or a generation id", async () => {
      const { ledger, peer, read } = await open();
      const record = recordOf(intentOf({ generationId: "gen-right" }));
      await ledger.finish(record);
      await peer.note?.(record.id, "gen-late");
      await peer.begin(intentOf({ id: record.id, model: "another" }));
      expect(await read()).toStrictEqual([record]);
    });

    test("gives the records of a range, oldest first, its end left out", async () => {
      const { ledger, read } = await open();
      const ends = [500, 100, 300, 200, 400, 300];
      const records = ends.map((endedAt) => recordOf(intentOf(), { endedAt }));
      await Promise.all(records.map((record) => ledger.finish(record)));
      const endsOf = async (range?: { from?: number; to?: number }) => (await read(range)).map((r) => r.endedAt);
      expect(await endsOf()).toEqual([100, 200, 300, 300, 400, 500]);
      expect(await endsOf({ from: 200, to: 400 })).toEqual([200, 300, 300]);
      expect(await endsOf({ from: 400 })).toEqual([400, 500]);
      expect(await endsOf({ to: 101 })).toEqual([100]);
      expect(await endsOf({ from: 501, to: Number.POSITIVE_INFINITY })).toEqual([]);
      expect(await endsOf({ from: Number.NEGATIVE_INFINITY, to: 150.5 })).toEqual([100]);
    });

    test("amounts come back to the last digit, whatever they are", async () => {
      const { ledger, read } = await open();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.double({ min: 1e-7, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 }),
          async (amounts) => {
            const records = amounts.map((usd) => recordOf(intentOf({ startedAt: count }), { usd }));
            await Promise.all(records.map((record) => ledger.finish(record)));
            const ids = new Set(records.map(({ id }) => id));
            const found = (await read()).filter(({ id }) => ids.has(id));
            expect(found.map(({ usd }) => usd)).toEqual(amounts);
            const sum = (rows: LedgerRecord[]) =>
              rows.reduce((total, { usd }) => total + (toMoney(usd ?? 0) ?? 0n), 0n);
            expect(sum(found)).toBe(sum(records));
          },
        ),
        { numRuns: 10 },
      );
    });

    test("many at once, through two hands: each leaves one record", async () => {
      const { ledger, peer, read } = await open();
      const intents = Array.from({ length: 300 }, () => intentOf());
      await Promise.all(
        intents.map(async (intent, at) => {
          const mine = at % 2 ? ledger : peer;
          await mine.begin(intent);
          void mine.note?.(intent.id, `gen-${at}`);
          await mine.finish(recordOf(intent, { usd: at / 1e6, generationId: `gen-${at}` }));
        }),
      );
      const records = await read();
      expect(records.map(({ id }) => id)).toEqual(intents.map(({ id }) => id));
      expect(records.map(({ usd }) => usd)).toEqual(intents.map((_, at) => at / 1e6));
    });

    test("nothing but its fields gets in: no key, no prompt, no answer", async () => {
      const { ledger, read, written } = await open();
      const sentinel = "sk-or-v1-SENTINEL";
      const more = { apiKey: sentinel, body: { messages: [sentinel] }, text: sentinel, headers: [sentinel] };
      const intent = { ...intentOf(), ...more, user: { toString: () => sentinel } as unknown as string };
      await ledger.begin(intent);
      await ledger.finish({ ...recordOf(intent), ...more, finishReason: [sentinel] as unknown as string });
      const records = await read();
      expect(records).toHaveLength(1);
      expect(JSON.stringify(records)).not.toContain("SENTINEL");
      expect((await written?.()) ?? "").not.toContain("SENTINEL");
    });

    test("texts that no database takes are kept as near as can be", async () => {
      const { ledger, read } = await open();
      const record = recordOf(intentOf({ user: "a\0b\ud800c", metadata: { "k\0": "\udfff" } }));
      await ledger.finish(record);
      expect(await read()).toMatchObject([{ user: "a\ufffdb\ufffdc", metadata: { "k\ufffd": "\ufffd" } }]);
    });

    test("texts with any line end come back whole", async () => {
      const { ledger, read } = await open();
      const record = recordOf(intentOf({ user: "a\nb\rc\u2028d\u2029e\u0085f" }));
      await ledger.finish(record);
      expect(await read()).toStrictEqual([record]);
    });

    test("tokens of attempts together are whole, and no more than can be read again", async () => {
      const { ledger, read } = await open();
      await ledger.finish(recordOf(intentOf(), { promptTokens: 2 ** 54, completionTokens: 1.5 }));
      expect(await read()).toMatchObject([{ promptTokens: Number.MAX_SAFE_INTEGER, completionTokens: 2 }]);
    });

    test("a fraction of a millisecond is rounded before the range is looked at", async () => {
      const { ledger, read } = await open();
      await ledger.finish(recordOf(intentOf(), { endedAt: 199.6 }));
      expect(await read({ to: 200 })).toEqual([]);
      expect(await read({ from: 200 })).toMatchObject([{ endedAt: 200 }]);
    });

    test("what was told before it closes is written", async () => {
      const { ledger, reader, peer } = await open();
      const record = recordOf(intentOf());
      const finishing = ledger.finish(record);
      await ledger.close?.();
      await finishing;
      expect(await recordsOf(reader ?? peer)).toStrictEqual([record]);
    });

    if (!keepsIntents) return;
    test("knows the intents of processes that are gone, with their generation, and of no others", async () => {
      const { ledger, peer, now, advance } = await open();
      const startedAt = now();
      const machine = thisProcess().split(":").at(-1)?.split("-")[0];
      // Numbers of processes end before this one.
      const dead = intentOf({ process: `${hostname()}:4194305:${machine}-1`, startedAt });
      const own = intentOf({ startedAt });
      const foreign = intentOf({ process: elsewhere, startedAt });
      const ended = intentOf({ process: dead.process, startedAt });
      for (const intent of [dead, own, foreign, ended]) await ledger.begin(intent);
      await ledger.note?.(dead.id, "gen-dead");
      await ledger.finish(recordOf(ended));
      await peer.begin(dead);
      expect(await peer.orphans?.()).toStrictEqual([{ ...dead, generationId: "gen-dead" }]);
      advance(15 * 60_000 + 1);
      expect((await peer.orphans?.())?.map(({ id }) => id)).toEqual([dead.id, foreign.id]);
      await peer.finish(recordOf(dead));
      expect((await ledger.orphans?.())?.map(({ id }) => id)).toEqual([foreign.id]);
    });
  });
}
