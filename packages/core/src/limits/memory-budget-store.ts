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

type Refusal = Extract<ReserveAnswer, { ok: false }>;

/** What counts a call: a counter, its limit, and when its window ends. */
export type CountedWindow = Omit<ReserveEntry, "amountUsd">;

/** Money set aside in counters; the first end of it counts. */
export class HeldMoney {
  readonly ok = true;
  readonly #counters: readonly Counter[];
  readonly #amount: Money;
  #isOpen = true;

  constructor(counters: readonly Counter[], amount: Money) {
    this.#counters = counters;
    this.#amount = amount;
    this.#add(amount);
  }

  sent(): void {}

  /** Replaces what was set aside by `usd`. */
  settle(usd: number): undefined {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#add((toMoney(usd) ?? 0n) - this.#amount);
  }

  release(): undefined {
    this.settle(0);
  }

  #add(amount: Money): void {
    for (const counter of this.#counters) counter.used += amount;
  }
}

/** Counters of money in this process's memory, asked without a wait; windows that have ended are forgotten. */
export class MemoryBudgets {
  readonly #clock: Clock;
  readonly #counters = new Map<string, Counter>();
  #sweepAt = SWEEP_FROM;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sets an amount aside in every window, or nothing where one has no room. */
  hold(windows: readonly CountedWindow[], amountUsd = 0): HeldMoney | Refusal {
    const amount = toMoney(amountUsd) ?? UNCOUNTABLE;
    const counters = windows.map((window) => this.#counterOf(window));
    const full = windows.findIndex(({ limitUsd }, at) => !fits((counters[at] as Counter).used + amount, limitUsd));
    if (full < 0) return new HeldMoney(counters, amount);
    return refusal(windows[full] as CountedWindow, (counters[full] as Counter).used);
  }

  #counterOf({ counter, resetsAt }: CountedWindow): Counter {
    const known = this.#counters.get(counter);
    if (known) return known;
    if (this.#counters.size >= this.#sweepAt) {
      const now = this.#clock.date();
      for (const [name, { resetsAt: end }] of this.#counters)
        if (end !== undefined && end <= now) this.#counters.delete(name);
      this.#sweepAt = Math.max(SWEEP_FROM, this.#counters.size * 2);
    }
    const made: Counter = { used: 0n, resetsAt };
    this.#counters.set(counter, made);
    return made;
  }
}

function fits(used: Money, limitUsd: number): boolean {
  const limit = toMoney(limitUsd);
  // More money than can be counted is no limit.
  return limit === undefined || used <= limit;
}

function refusal({ counter, limitUsd, resetsAt }: CountedWindow, used: Money): Refusal {
  return { ok: false, counter, limitUsd, usedUsd: toNumber(used), ...(resetsAt === undefined ? {} : { resetsAt }) };
}

/** The same as a store. */
export function memoryBudgetStore(clock: Clock = systemClock): BudgetStore {
  const budgets = new MemoryBudgets(clock);
  const reservations = new Map<string, readonly HeldMoney[]>();
  const end = (id: string, usd: number) => {
    for (const held of reservations.get(id) ?? []) held.settle(usd);
    reservations.delete(id);
  };
  return {
    async reserve(entries, id) {
      const parts: HeldMoney[] = [];
      for (const entry of entries) {
        const answer = budgets.hold([entry], entry.amountUsd);
        if (answer.ok) parts.push(answer);
        else {
          for (const held of parts) held.release();
          return answer;
        }
      }
      reservations.set(id, parts);
      return { ok: true };
    },
    settle: async (id, usd) => end(id, usd),
    release: async (id) => end(id, 0),
  };
}
