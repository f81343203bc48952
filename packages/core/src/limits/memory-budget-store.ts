import { type Clock, systemClock } from "../http/clock.js";
import { type Money, toMoney, toNumber } from "../usage/money.js";
import type { BudgetStore, ReserveAnswer, ReserveEntry } from "./budget-store.js";

interface Counter {
  /** Spent and reserved together. */
  used: Money;
  resetsAt: number | undefined;
}

const SWEEP_FROM = 1_000;
/** An amount that is too large to be counted fits into no limit that can be. */
const UNCOUNTABLE = 10n ** 40n;

/** Counters of money in this process's memory; windows that have ended are forgotten. */
export function memoryBudgetStore(clock: Clock = systemClock): BudgetStore {
  const counters = new Map<string, Counter>();
  const reservations = new Map<string, { counter: Counter; amount: Money }[]>();
  let sweepAt = SWEEP_FROM;

  const counterOf = ({ counter, resetsAt }: ReserveEntry): Counter => {
    const known = counters.get(counter);
    if (known) return known;
    if (counters.size >= sweepAt) {
      const now = clock.date();
      for (const [name, { resetsAt: end }] of counters) if (end !== undefined && end <= now) counters.delete(name);
      sweepAt = Math.max(SWEEP_FROM, counters.size * 2);
    }
    const made: Counter = { used: 0n, resetsAt };
    counters.set(counter, made);
    return made;
  };
  /** Replaces the reservation by `usd`, once. */
  const finish = (id: string, usd: number) => {
    const spent = toMoney(usd) ?? 0n;
    for (const { counter, amount } of reservations.get(id) ?? []) counter.used += spent - amount;
    reservations.delete(id);
  };

  return {
    async reserve(entries, id): Promise<ReserveAnswer> {
      const found = entries.map((entry) => ({
        entry,
        counter: counterOf(entry),
        amount: toMoney(entry.amountUsd) ?? UNCOUNTABLE,
      }));
      for (const { entry, counter, amount } of found) {
        const limit = toMoney(entry.limitUsd);
        // More money than can be counted is no limit.
        if (limit !== undefined && counter.used + amount > limit) {
          return {
            ok: false,
            counter: entry.counter,
            limitUsd: entry.limitUsd,
            usedUsd: toNumber(counter.used),
            ...(entry.resetsAt === undefined ? {} : { resetsAt: entry.resetsAt }),
          };
        }
      }
      for (const { counter, amount } of found) counter.used += amount;
      reservations.set(id, found);
      return { ok: true };
    },
    async settle(id, usd) {
      finish(id, usd);
    },
    async release(id) {
      finish(id, 0);
    },
  };
}
