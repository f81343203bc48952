import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BudgetStore, ReserveEntry } from "../src/index.js";

/** A store to examine, and a way to let its time pass. */
export interface BudgetStoreUnderTest {
  store: BudgetStore;
  /** Another process's view of the same counters; absent where there is none. */
  peer?: BudgetStore | undefined;
  /** The store's wall clock, in milliseconds. */
  now(): number;
  advance(ms: number): void | Promise<void>;
}

/** What a store says of itself. */
export interface BudgetStoreNature {
  /**
   * How long a reservation that was not sent outlives its process, in milliseconds; absent where it dies with it. The
   * test's own process must count as dead once `advance` has passed it.
   */
  reservationMs?: number | undefined;
}

let count = 0;
const fresh = (what: string) => `${what}-${process.pid}-${++count}`;
const entry = (counter: string, limitUsd: number, amountUsd: number, more: Partial<ReserveEntry> = {}) => ({
  counter,
  limitUsd,
  amountUsd,
  ...more,
});

/** What every BudgetStore has to do. */
export function budgetStoreContract(
  name: string,
  make: () => BudgetStoreUnderTest | Promise<BudgetStoreUnderTest>,
  { reservationMs }: BudgetStoreNature = {},
): void {
  describe(`${name} as a BudgetStore`, () => {
    test("fills a counter to its last digit, and says what stands in the way of more", async () => {
      const { store, now } = await make();
      const counter = fresh("day");
      const resetsAt = now() + 3_600_000;
      const ask = (usd: number) => store.reserve([entry(counter, 0.3, usd, { resetsAt })], fresh("call"));
      expect([await ask(0.1), await ask(0.2)]).toEqual([{ ok: true }, { ok: true }]);
      expect(await ask(0.000000001)).toEqual({ ok: false, counter, limitUsd: 0.3, usedUsd: 0.3, resetsAt });
      expect(await ask(0)).toEqual({ ok: true });
    });

    test("reserves in all counters or in none, and names the one that refuses", async () => {
      const { store } = await make();
      const [day, month] = [fresh("day"), fresh("month")];
      const ask = (usd: number) => store.reserve([entry(month, 10, usd), entry(day, 1, usd)], fresh("call"));
      expect(await ask(0.9)).toEqual({ ok: true });
      expect(await ask(0.2)).toMatchObject({ ok: false, counter: day, usedUsd: 0.9 });
      expect(await store.reserve([entry(month, 10, 9.1)], fresh("call"))).toEqual({ ok: true });
    });

    test("settling replaces what was reserved by what was spent, less or more, in every counter", async () => {
      const { store } = await make();
      const [day, month] = [fresh("day"), fresh("month")];
      const [cheap, dear] = [fresh("call"), fresh("call")];
      await store.reserve([entry(day, 5, 2), entry(month, 9, 2)], cheap);
      await store.settle(cheap, 0.5);
      await store.reserve([entry(day, 5, 1)], dear);
      await store.settle(dear, 3);
      expect(await store.reserve([entry(day, 5, 2)], fresh("call"))).toMatchObject({ ok: false, usedUsd: 3.5 });
      expect(await store.reserve([entry(month, 9, 9)], fresh("call"))).toMatchObject({ ok: false, usedUsd: 0.5 });
    });

    test("a reservation ends once: settled or given back, again changes nothing, an unknown one neither", async () => {
      const { store, peer = store } = await make();
      const day = fresh("day");
      const [settled, released] = [fresh("call"), fresh("call")];
      await store.reserve([entry(day, 1, 0.4)], settled);
      await store.reserve([entry(day, 1, 0.4)], released);
      await store.settle(settled, 0.1);
      await peer.settle(settled, 0.4);
      await peer.release(settled);
      await peer.release(released);
      await store.settle(released, 0.4);
      await store.settle(fresh("never"), 1);
      await store.release(fresh("never"));
      expect(await peer.reserve([entry(day, 1, 1)], fresh("call"))).toMatchObject({ ok: false, usedUsd: 0.1 });
    });

    test("of many that ask at once no more get in than fit, whichever process they ask in", async () => {
      const { store, peer = store } = await make();
      const day = fresh("day");
      const asked = Array.from({ length: 50 }, (_, call) =>
        (call % 2 ? store : peer).reserve([entry(day, 1, 0.1)], fresh("call")),
      );
      expect((await Promise.all(asked)).filter(({ ok }) => ok)).toHaveLength(10);
    });

    test("a call that is settled after its window has ended does not disturb the next window", async () => {
      const { store, now, advance } = await make();
      const [today, tomorrow] = [fresh("today"), fresh("tomorrow")];
      const call = fresh("call");
      await store.reserve([entry(today, 1, 1, { resetsAt: now() + 1_000 })], call);
      await advance(2_000);
      await store.reserve([entry(tomorrow, 1, 0.5, { resetsAt: now() + 1_000 })], fresh("call"));
      await store.settle(call, 1);
      expect(await store.reserve([entry(tomorrow, 1, 0.6)], fresh("call"))).toMatchObject({ usedUsd: 0.5 });
      expect(await store.reserve([entry(tomorrow, 1, 0.5)], fresh("call"))).toEqual({ ok: true });
    });

    test("any history of small amounts adds up like decimals", async () => {
      const { store } = await make();
      const step = fc.record({
        micros: fc.integer({ min: 0, max: 400 }),
        spent: fc.integer({ min: 0, max: 400 }),
        end: fc.constantFrom("settle" as const, "release" as const, "stay" as const),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
          const counter = fresh("total");
          let used = 0;
          for (const { micros, spent, end } of steps) {
            const call = fresh("call");
            const { ok } = await store.reserve([entry(counter, 0.001, micros / 1e6)], call);
            expect(ok).toBe(used + micros <= 1_000);
            if (!ok) continue;
            if (end === "settle") await store.settle(call, spent / 1e6);
            if (end === "release") await store.release(call);
            used += end === "settle" ? spent : end === "release" ? 0 : micros;
          }
          const answer = await store.reserve([entry(counter, 0, 1)], fresh("call"));
          expect(answer).toMatchObject({ ok: false, usedUsd: used / 1e6 });
        }),
        { numRuns: 25 },
      );
    });

    test("an amount is kept to its last of 24 decimals beside fifteen whole digits", async () => {
      const { store } = await make();
      const counter = fresh("total");
      const [small, large] = [fresh("call"), fresh("call")];
      await store.reserve([entry(counter, 1, 1e-24)], small);
      await store.settle(small, 3e-24);
      expect(await store.reserve([entry(counter, 0, 1)], fresh("call"))).toMatchObject({ ok: false, usedUsd: 3e-24 });
      await store.reserve([entry(counter, 9e14, 123456789012345)], large);
      await store.settle(large, 0.000001);
      expect(await store.reserve([entry(counter, 0.000001, 0)], fresh("call"))).toMatchObject({ ok: false });
      expect(await store.reserve([entry(counter, 0.000002, 0.000000999)], fresh("call"))).toEqual({ ok: true });
    });

    test("that a call was sent changes nothing of how it ends, once", async () => {
      const { store, peer = store } = await make();
      const day = fresh("day");
      const [settled, released] = [fresh("call"), fresh("call")];
      await store.reserve([entry(day, 1, 0.4)], settled);
      await store.reserve([entry(day, 1, 0.4)], released);
      for (const id of [settled, released, fresh("never")]) store.sent?.(id);
      await store.settle(settled, 0.3);
      await peer.settle(settled, 0.3);
      await store.release(released);
      store.sent?.(settled);
      expect(await store.reserve([entry(day, 1, 1)], fresh("call"))).toMatchObject({ ok: false, usedUsd: 0.3 });
    });

    if (reservationMs !== undefined) expiringReservations(make, reservationMs);
  });
}

function expiringReservations(
  make: () => BudgetStoreUnderTest | Promise<BudgetStoreUnderTest>,
  reservationMs: number,
): void {
  describe("once a reservation has expired", () => {
    /** What becomes of 0.4 in a day and in a month whose process has died. */
    const expired = async (isSent: boolean) => {
      const { store, peer = store, advance, now } = await make();
      const [day, month, call] = [fresh("day"), fresh("month"), fresh("call")];
      const usedOf = async (asked: BudgetStore, counter: string) => {
        const answer = await asked.reserve([entry(counter, 0, 1)], fresh("probe"));
        return answer.ok ? undefined : answer.usedUsd;
      };
      const resetsAt = now() + 100 * reservationMs;
      await store.reserve([entry(day, 1, 0.4, { resetsAt }), entry(month, 9, 0.4)], call);
      if (isSent) store.sent?.(call);
      // What this store was told comes before what it is asked.
      expect(await usedOf(store, month)).toBe(0.4);
      await advance(reservationMs + 1_000);
      return { store, peer, call, used: async () => [await usedOf(store, day), await usedOf(peer, month)] };
    };

    test("what was never sent is free again, in every counter", async () => {
      const { used } = await expired(false);
      expect(await used()).toEqual([0, 0]);
    });

    test("what was sent stays counted until it is settled late, from anywhere, once", async () => {
      const { store, peer, call, used } = await expired(true);
      expect(await used()).toEqual([0.4, 0.4]);
      await peer.settle(call, 0.1);
      await store.settle(call, 0.4);
      await peer.release(call);
      expect(await used()).toEqual([0.1, 0.1]);
    });

    test("what was sent is given back late, from anywhere, once", async () => {
      const { store, peer, call, used } = await expired(true);
      await peer.release(call);
      await store.release(call);
      await store.settle(call, 0.4);
      expect(await used()).toEqual([0, 0]);
    });

    test("what was never sent and is settled all the same counts with what it cost, once", async () => {
      const { store, peer, call, used } = await expired(false);
      expect(await used()).toEqual([0, 0]);
      await store.settle(call, 0.1);
      await peer.settle(call, 0.1);
      await peer.release(call);
      expect(await used()).toEqual([0.1, 0.1]);
    });

    test("what is sent late is set aside again, once; what is given back late is not given back twice", async () => {
      const late = await expired(false);
      expect(await late.used()).toEqual([0, 0]);
      late.store.sent?.(late.call);
      late.store.sent?.(late.call);
      await late.store.release(fresh("never"));
      expect(await late.used()).toEqual([0.4, 0.4]);
      const given = await expired(false);
      expect(await given.used()).toEqual([0, 0]);
      await given.store.release(given.call);
      expect(await given.used()).toEqual([0, 0]);
    });

    test("many that expired together free their counter for whoever asks next", async () => {
      const { store, advance } = await make();
      const day = fresh("day");
      const ids = Array.from({ length: 120 }, () => fresh("call"));
      await Promise.all(ids.map((id) => store.reserve([entry(day, 12, 0.1)], id)));
      expect(await store.reserve([entry(day, 12, 0.1)], fresh("call"))).toMatchObject({ ok: false, usedUsd: 12 });
      await advance(reservationMs + 1_000);
      expect(await store.reserve([entry(day, 12, 12)], fresh("call"))).toEqual({ ok: true });
    });
  });
}
