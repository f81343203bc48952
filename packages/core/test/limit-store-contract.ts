import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LimitEntry, LimitStore } from "../src/index.js";

/** A store to examine, and a way to let its time pass. */
export interface LimitStoreUnderTest {
  store: LimitStore;
  /** Another process's view of the same counters; absent where there is none. */
  peer?: LimitStore | undefined;
  /** The store's wall clock, in milliseconds. */
  now(): number;
  advance(ms: number): void | Promise<void>;
}

/** What a store says of itself. */
export interface LimitStoreNature {
  /** Windows slide, or begin with their first call and end as a whole. */
  windows: "sliding" | "fixed";
  /** What the clock of a real server may have gone on by itself during one test, in milliseconds. @default 0 */
  passesMs?: number | undefined;
}

const MINUTE = 60_000;
let count = 0;
const fresh = (what: string) => `${what}-${process.pid}-${++count}`;
const entry = (counter: string, limit: number, windowMs = MINUTE) => ({ counter, limit, windowMs });
const weighed = (counter: string, limit: number, weight: number) => ({ counter, limit, windowMs: MINUTE, weight });

/** When those were let in of the calls that asked after these pauses. */
async function letIn({ store, now, advance }: LimitStoreUnderTest, asked: LimitEntry, pauses: readonly number[]) {
  const passed: number[] = [];
  for (const ms of pauses) {
    await advance(ms);
    if ((await store.take([asked])).ok) passed.push(now());
  }
  return passed;
}

/** What every LimitStore has to do. A wait may be told up to a second too long, never too short. */
export function limitStoreContract(
  name: string,
  { windows, passesMs = 0 }: LimitStoreNature,
  make: () => LimitStoreUnderTest | Promise<LimitStoreUnderTest>,
): void {
  describe(`${name} as a LimitStore`, () => {
    const expectWait = (answer: unknown, counter: string, leastMs: number) => {
      expect(answer).toMatchObject({ ok: false, counter });
      const { retryAfterMs } = answer as { retryAfterMs: number };
      expect(retryAfterMs).toBeGreaterThanOrEqual(leastMs - passesMs);
      expect(retryAfterMs).toBeLessThanOrEqual(leastMs + 1_000);
    };

    test("takes in all counters or in none, and tells the longest wait", async () => {
      const { store, advance } = await make();
      const [one, two, three] = [fresh("one"), fresh("two"), fresh("three")];
      await store.take([entry(one, 1)]);
      await advance(10_000);
      await store.take([entry(two, 1)]);
      expectWait(await store.take([entry(two, 1), entry(one, 1), entry(three, 1)]), two, MINUTE);
      expect(await store.take([entry(three, 1)])).toMatchObject({ ok: true });
    });

    test("of many that ask at once no more get in than there are places, whichever process they ask in", async () => {
      const { store, peer = store } = await make();
      const counter = fresh("requests");
      const asked = Array.from({ length: 50 }, (_, call) => (call % 2 ? store : peer).take([entry(counter, 10)]));
      expect((await Promise.all(asked)).filter(({ ok }) => ok)).toHaveLength(10);
    });

    test("who waits as long as was told gets in", async () => {
      const { store, advance } = await make();
      const counter = fresh("requests");
      await store.take([entry(counter, 2)]);
      await advance(12_345);
      await store.take([entry(counter, 2)]);
      const answer = await store.take([entry(counter, 2)]);
      expect(answer.ok).toBe(false);
      await advance(answer.ok ? 0 : answer.retryAfterMs);
      expect(await store.take([entry(counter, 2)])).toMatchObject({ ok: true });
    });

    test("S35 a block holds until its time, for its counter alone; a shorter one does not end it", async () => {
      const { store, peer = store, now, advance } = await make();
      const [blocked, other] = [fresh("free"), fresh("free")];
      await peer.block?.(blocked, now() + 5_000);
      await store.block?.(blocked, now() + 1_000);
      const hasBlocks = store.block !== undefined;
      const answer = await store.take([entry(blocked, 9)]);
      expect(answer.ok).toBe(!hasBlocks);
      if (hasBlocks) expectWait(answer, blocked, 5_000);
      expect(await store.take([entry(other, 9)])).toMatchObject({ ok: true });
      await advance(6_000);
      expect(await store.take([entry(blocked, 9)])).toMatchObject({ ok: true });
    });

    test("S35 a limit that was lowered counts what is in the window already; one that was raised gives room", async () => {
      const { store, advance } = await make();
      const counter = fresh("requests");
      for (let call = 0; call < 4; call++) {
        await store.take([entry(counter, 4)]);
        await advance(1_000);
      }
      // Where windows slide, two of the four have to leave; a fixed one ends as a whole.
      const leavesMs = windows === "sliding" ? MINUTE - 2_000 : MINUTE - 4_000;
      expectWait(await store.take([entry(counter, 2)]), counter, leavesMs);
      expect(await store.take([entry(counter, 5)])).toMatchObject({ ok: true });
    });

    test("windows of several lengths over counters of their own", async () => {
      const { store, advance } = await make();
      const [second, minute] = [fresh("second"), fresh("minute")];
      const take = () => store.take([entry(second, 1, 1_000), entry(minute, 2)]);
      expect(await take()).toMatchObject({ ok: true });
      expectWait(await take(), second, 1_000);
      await advance(2_000);
      expect(await take()).toMatchObject({ ok: true });
      await advance(2_000);
      expectWait(await take(), minute, MINUTE - 4_000);
    });

    describe("weights", () => {
      test("add up to the limit; one that does not fit takes nothing, and a lighter one may fit", async () => {
        const { store, peer = store } = await make();
        const counter = fresh("tokens");
        expect(await store.take([weighed(counter, 1_000, 600)])).toMatchObject({ ok: true });
        expectWait(await peer.take([weighed(counter, 1_000, 500)]), counter, MINUTE);
        expect(await peer.take([weighed(counter, 1_000, 400)])).toMatchObject({ ok: true });
        expectWait(await store.take([weighed(counter, 1_000, 1)]), counter, MINUTE);
        expect(await store.take([weighed(counter, 1_000, 0)])).toMatchObject({ ok: true });
      });

      test("that were corrected twice count as they were corrected last", async () => {
        const { store, peer = store } = await make();
        const counter = fresh("tokens");
        const answer = await store.take([weighed(counter, 100, 80)]);
        if (store.correct === undefined) return expect(answer.ok).toBe(true);
        await store.correct(answer.ok && answer.receipt, { [counter]: 10 });
        await store.correct(answer.ok && answer.receipt, { [counter]: 40 });
        await store.correct("no receipt of this store", { [counter]: 0 });
        expect(await peer.take([weighed(counter, 100, 61)])).toMatchObject({ ok: false });
        expect(await peer.take([weighed(counter, 100, 60)])).toMatchObject({ ok: true });
      });

      test("of several counters are taken in all or in none", async () => {
        const { store } = await make();
        const [tokens, usd] = [fresh("tokens"), fresh("usd")];
        expect(await store.take([weighed(tokens, 100, 60), weighed(usd, 10, 2)])).toMatchObject({ ok: true });
        expectWait(await store.take([weighed(usd, 10, 5), weighed(tokens, 100, 60)]), tokens, MINUTE);
        expect(await store.take([weighed(usd, 10, 8)])).toMatchObject({ ok: true });
      });

      test("are corrected to what was used, less or more, in the counters that are told", async () => {
        const { store, peer = store } = await make();
        const [tokens, usd] = [fresh("tokens"), fresh("usd")];
        const answer = await store.take([weighed(tokens, 100, 80), weighed(usd, 10, 9)]);
        expect(answer.ok).toBe(true);
        await store.correct?.(answer.ok && answer.receipt, { [tokens]: 30, elsewhere: 5 });
        const isCorrected = store.correct !== undefined;
        expect((await peer.take([weighed(tokens, 100, 70)])).ok).toBe(isCorrected);
        expect(await peer.take([weighed(tokens, 100, 30)])).toMatchObject({ ok: false });
        expect(await peer.take([weighed(usd, 10, 2)])).toMatchObject({ ok: false });
        const more = await store.take([weighed(usd, 10, 1)]);
        await store.correct?.(more.ok && more.receipt, { [usd]: 50 });
        expect((await peer.take([weighed(usd, 20, 1)])).ok).toBe(!isCorrected);
      });

      test("that are corrected late leave the next window alone", async () => {
        const { store, advance } = await make();
        const counter = fresh("tokens");
        const answer = await store.take([weighed(counter, 100, 80)]);
        await advance(MINUTE + 1_000);
        expect(await store.take([weighed(counter, 100, 60)])).toMatchObject({ ok: true });
        await store.correct?.(answer.ok && answer.receipt, { [counter]: 0 });
        expect(await store.take([weighed(counter, 100, 50)])).toMatchObject({ ok: false });
      });
    });

    if (windows === "sliding") slidingWindows(make, expectWait);
    else fixedWindows(make, expectWait);
  });
}

type ExpectWait = (answer: unknown, counter: string, leastMs: number) => void;

/** A window for two: both places were taken, twenty seconds apart, a third was refused, and the first one's minute is over. */
async function oneOfTwoOver(make: () => LimitStoreUnderTest | Promise<LimitStoreUnderTest>, expectWait: ExpectWait) {
  const { store, advance } = await make();
  const counter = fresh("requests");
  const take = () => store.take([entry(counter, 2)]);
  expect(await take()).toMatchObject({ ok: true });
  await advance(20_000);
  expect(await take()).toMatchObject({ ok: true });
  expectWait(await take(), counter, 40_000);
  await advance(41_000);
  return { take, counter };
}

function slidingWindows(make: () => LimitStoreUnderTest | Promise<LimitStoreUnderTest>, expectWait: ExpectWait): void {
  test("S34 a window slides: a place frees when its own time is over, not all at once", async () => {
    const { take, counter } = await oneOfTwoOver(make, expectWait);
    expect(await take()).toMatchObject({ ok: true });
    expectWait(await take(), counter, 19_000);
  });

  test("no window of any history holds more than its limit", async () => {
    const examined = await make();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 20 }),
        async (limit, pauses) => {
          const passed = await letIn(examined, entry(fresh("requests"), limit, 1_000), pauses);
          const crowded = passed.some((at, place) => (passed[place + limit] ?? Number.POSITIVE_INFINITY) - at < 1_000);
          expect(crowded).toBe(false);
          expect(passed.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 25 },
    );
  });
}

function fixedWindows(make: () => LimitStoreUnderTest | Promise<LimitStoreUnderTest>, expectWait: ExpectWait): void {
  test("S34 a window begins with its first call and ends as a whole: all of its places free at once", async () => {
    const { take, counter } = await oneOfTwoOver(make, expectWait);
    expect([await take(), await take()]).toMatchObject([{ ok: true }, { ok: true }]);
    expectWait(await take(), counter, MINUTE);
  });

  test("no window of any history holds more than its limit, and so any such span twice that at most", async () => {
    const examined = await make();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 15 }),
        async (limit, pauses) => {
          const passed = await letIn(examined, entry(fresh("requests"), limit), pauses);
          const inSpan = (from: number) => passed.filter((at) => at >= from && at < from + MINUTE - 1_000).length;
          expect(Math.max(...passed.map(inSpan))).toBeLessThanOrEqual(2 * limit);
          expect(inSpan(passed[0] ?? 0)).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 15 },
    );
  });
}
