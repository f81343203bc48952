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
export type CountedWindow = Omit<ReserveEntry, "amountUsd"> & Partial<Pick<ReserveEntry, "amountUsd">>;

interface Part {
  counter: Counter;
  amount: Money;
}

/** Money set aside in counters; the first end of it counts. */
export class HeldMoney {
  readonly ok = true;
  #parts: readonly Part[] | undefined;

  constructor(parts: readonly Part[]) {
    for (const { counter, amount } of parts) counter.used += amount;
    this.#parts = parts;
  }

  sent(): void {}

  /** Replaces what was set aside by `usd`. */
  settle(usd: number): undefined {
    if (this.#parts === undefined) return;
    const spent = toMoney(usd) ?? 0n;
    for (const { counter, amount } of this.#parts) counter.used += spent - amount;
    this.#parts = undefined;
  }

  release(): undefined {
    this.settle(0);
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

  /**
   * Sets an amount aside in every window, or nothing where one has no room.
   *
   * @param amountUsd - for windows that name none of their own
   */
  hold(windows: readonly CountedWindow[], amountUsd = 0): HeldMoney | Refusal {
    const parts = windows.map((window) => this.#partOf(window, amountUsd));
    const full = windows.find(({ limitUsd }, at) => !fits(parts[at] as Part, limitUsd));
    return full === undefined ? new HeldMoney(parts) : refusal(full, this.#counterOf(full).used);
  }

  #partOf(window: CountedWindow, amountUsd: number): Part {
    return { counter: this.#counterOf(window), amount: toMoney(window.amountUsd ?? amountUsd) ?? UNCOUNTABLE };
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

function fits({ counter, amount }: Part, limitUsd: number): boolean {
  const limit = toMoney(limitUsd);
  // More money than can be counted is no limit.
  return limit === undefined || counter.used + amount <= limit;
}

function refusal({ counter, limitUsd, resetsAt }: CountedWindow, used: Money): Refusal {
  return { ok: false, counter, limitUsd, usedUsd: toNumber(used), ...(resetsAt === undefined ? {} : { resetsAt }) };
}

/** The same as a store. */
export function memoryBudgetStore(clock: Clock = systemClock): BudgetStore {
  const budgets = new MemoryBudgets(clock);
  const reservations = new Map<string, HeldMoney>();
  const end = (id: string, usd: number) => {
    reservations.get(id)?.settle(usd);
    reservations.delete(id);
  };
  return {
    async reserve(entries, id) {
      const answer = budgets.hold(entries);
      if (!answer.ok) return answer;
      reservations.set(id, answer);
      return { ok: true };
    },
    settle: async (id, usd) => end(id, usd),
    release: async (id) => end(id, 0),
  };
}
