import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LimitStore } from "../src/index.js";

/** A store to examine, and a way to let its time pass. */
export interface LimitStoreUnderTest {
  store: LimitStore;
  /** Another process's view of the same counters; absent where there is none. */
  peer?: LimitStore | undefined;
  /** The store's wall clock, in milliseconds. */
  now(): number;
  advance(ms: number): void | Promise<void>;
}

const MINUTE = 60_000;
let count = 0;
const fresh = (what: string) => `${what}-${process.pid}-${++count}`;
const entry = (counter: string, limit: number, windowMs = MINUTE) => ({ counter, limit, windowMs });

/** What every LimitStore has to do. A wait may be told up to a second too long, never too short. */
export function limitStoreContract(name: string, make: () => LimitStoreUnderTest | Promise<LimitStoreUnderTest>): void {
  describe(`${name} as a LimitStore`, () => {
    const expectWait = (answer: unknown, counter: string, leastMs: number) => {
      expect(answer).toMatchObject({ ok: false, counter });
      const { retryAfterMs } = answer as { retryAfterMs: number };
      expect(retryAfterMs).toBeGreaterThanOrEqual(leastMs);
      expect(retryAfterMs).toBeLessThanOrEqual(leastMs + 1_000);
    };

    test("S34 a window slides: a place frees when its own time is over, not all at once", async () => {
      const { store, advance } = await make();
      const counter = fresh("requests");
      const take = () => store.take([entry(counter, 2)]);
      expect(await take()).toEqual({ ok: true });
      await advance(20_000);
      expect(await take()).toEqual({ ok: true });
      expectWait(await take(), counter, 40_000);
      await advance(41_000);
      expect(await take()).toEqual({ ok: true });
      expectWait(await take(), counter, 19_000);
    });

    test("takes in all counters or in none, and tells the longest wait", async () => {
      const { store, advance } = await make();
      const [one, two, three] = [fresh("one"), fresh("two"), fresh("three")];
      await store.take([entry(one, 1)]);
      await advance(10_000);
      await store.take([entry(two, 1)]);
      expectWait(await store.take([entry(two, 1), entry(one, 1), entry(three, 1)]), two, MINUTE);
      expect(await store.take([entry(three, 1)])).toEqual({ ok: true });
    });

    test("of many that ask at once no more get in than there are places, whichever process they ask in", async () => {
      const { store, peer = store } = await make();
      const counter = fresh("requests");
      const asked = Array.from({ length: 50 }, (_, call) => (call % 2 ? store : peer).take([entry(counter, 10)]));
      expect((await Promise.all(asked)).filter(({ ok }) => ok)).toHaveLength(10);
    });

    test("S35 a limit that was lowered counts what is in the window already; one that was raised gives room", async () => {
      const { store, advance } = await make();
      const counter = fresh("requests");
      for (let call = 0; call < 4; call++) {
        await store.take([entry(counter, 4)]);
        await advance(1_000);
      }
      expectWait(await store.take([entry(counter, 2)]), counter, MINUTE - 2_000);
      expect(await store.take([entry(counter, 5)])).toEqual({ ok: true });
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
      expect(await store.take([entry(other, 9)])).toEqual({ ok: true });
      await advance(6_000);
      expect(await store.take([entry(blocked, 9)])).toEqual({ ok: true });
    });

    test("windows of several lengths over counters of their own", async () => {
      const { store, advance } = await make();
      const [second, minute] = [fresh("second"), fresh("minute")];
      const take = () => store.take([entry(second, 1, 1_000), entry(minute, 2)]);
      expect(await take()).toEqual({ ok: true });
      expectWait(await take(), second, 1_000);
      await advance(2_000);
      expect(await take()).toEqual({ ok: true });
      await advance(2_000);
      expectWait(await take(), minute, MINUTE - 4_000);
    });

    test("no window of any history holds more than its limit", async () => {
      const { store, now, advance } = await make();
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 4 }),
          fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 20 }),
          async (limit, pauses) => {
            const counter = fresh("requests");
            const passed: number[] = [];
            for (const ms of pauses) {
              await advance(ms);
              if ((await store.take([entry(counter, limit, 1_000)])).ok) passed.push(now());
            }
            const crowded = passed.some(
              (at, place) => (passed[place + limit] ?? Number.POSITIVE_INFINITY) - at < 1_000,
            );
            expect(crowded).toBe(false);
            expect(passed.length).toBeGreaterThan(0);
          },
        ),
        { numRuns: 25 },
      );
    });
  });
}
