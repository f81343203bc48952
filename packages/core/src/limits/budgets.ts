import { createError } from "../errors/error-classes.js";
import { type Clock, systemClock } from "../http/clock.js";
import { addUsd, toMoney } from "../usage/money.js";
import { beforeAbort } from "./before-abort.js";
import type { Budget, BudgetStore, ReserveAnswer, ReserveEntry } from "./budget-store.js";
import { budgetWindow } from "./budget-window.js";
import { memoryBudgetStore } from "./memory-budget-store.js";
import { storeFailed } from "./store-failure.js";

/** Money set aside for one call. Both ways to end it are idempotent; the first one counts. */
export interface Reservation {
  /** The call cost this much: what was set aside beyond it is free again. */
  settle(usd: number): Promise<void>;
  /** The call cost nothing. */
  release(): Promise<void>;
}

export interface ReserveRequest {
  budgets: readonly Budget[];
  /** Whose counters: the scope's user, else the hash of the key. A budget's own `key` wins. */
  subject: string;
  /** The most the call can cost; undefined where no price is known. */
  amountUsd: number | undefined;
  /** Unique for the call. */
  id: string;
  /** Ends the asking of a slow store; what it reserves after all is given back. */
  signal?: AbortSignal | undefined;
  /** Takes over a giving back that nobody waits for, and its failure. */
  inBackground: (work: Promise<void>) => void;
}

/** Refuses calls that could go beyond a budget, before they are sent. */
export class Budgets {
  readonly #store: BudgetStore;
  readonly #clock: Clock;

  constructor({ store, clock = systemClock }: { store?: BudgetStore | undefined; clock?: Clock | undefined } = {}) {
    this.#clock = clock;
    this.#store = store ?? memoryBudgetStore(clock);
  }

  /**
   * Sets the money aside in every window, or in none.
   *
   * Throws: BudgetExceededError `budget_exceeded`; `detail` names the budget, `retryAfterMs` is when its window ends.
   * `provider_error` where the store fails: the call is not to be sent. AbortedError when `signal` fires.
   */
  async reserve({ budgets, subject, amountUsd, id, signal, inBackground }: ReserveRequest): Promise<Reservation> {
    const entries = new Map<string, { budget: Budget; entry: ReserveEntry }>();
    for (const budget of budgets) {
      if (amountUsd === undefined && budget.unknownPrice !== "allow") {
        throw createError(
          "budget_exceeded",
          `no price is known for the model, and ${named(budget)} refuses such calls`,
          {
            hint: 'Set `unknownPrice: "allow"`, or refresh the catalogue; with `outputModalities: "all"` it lists models that make no text, too.',
          },
        );
      }
      if (budget.per === "request") {
        checkRequest(budget, amountUsd ?? 0);
        continue;
      }
      const { name, resetsAt } = budgetWindow(budget.per, this.#clock.date());
      const counter = `budget:${encodeURIComponent((budget.key ?? subject).toWellFormed())}:${budget.per}:${name}`;
      const known = entries.get(counter);
      // Two budgets over one counter: the money is counted once, the tighter limit decides.
      if (known && known.budget.usd <= budget.usd) continue;
      const entry = { counter, limitUsd: budget.usd, amountUsd: amountUsd ?? 0 };
      entries.set(counter, { budget, entry: resetsAt === undefined ? entry : { ...entry, resetsAt } });
    }
    if (entries.size === 0) return { settle: async () => {}, release: async () => {} };

    const asked = [...entries.values()].map(({ entry }) => entry);
    const release = async () => this.#store.release(id);
    const answer = await this.#ask(asked, id, signal, () => inBackground(release()));
    if (!answer.ok) {
      const budget = entries.get(answer.counter)?.budget;
      const which = budget ? named(budget) : `the budget of ${answer.limitUsd} USD`;
      const left = Math.max(0, addUsd(answer.limitUsd, -answer.usedUsd));
      const frees = answer.resetsAt === undefined ? "" : `; it frees at ${new Date(answer.resetsAt).toISOString()}`;
      throw createError(
        "budget_exceeded",
        `${which} has ${left} USD left; this call may cost ${amountUsd ?? 0} USD${frees}`,
        answer.resetsAt === undefined ? {} : { retryAfterMs: Math.max(0, answer.resetsAt - this.#clock.date()) },
      );
    }
    let open = true;
    const once = async (end: () => Promise<void>) => {
      if (!open) return;
      open = false;
      await end();
    };
    return { settle: (usd) => once(async () => this.#store.settle(id, usd)), release: () => once(release) };
  }

  async #ask(
    entries: ReserveEntry[],
    id: string,
    signal: AbortSignal | undefined,
    giveBack: () => void,
  ): Promise<ReserveAnswer> {
    const asked = (async () => this.#store.reserve(entries, id))();
    try {
      return await beforeAbort(asked, signal);
    } catch (error) {
      // A store may fail after it has reserved, such as on the way back of its answer; one that is slow may reserve yet.
      asked.then((late) => late.ok && giveBack(), giveBack);
      throw signal?.aborted ? error : storeFailed("budget", error);
    }
  }
}

function checkRequest(budget: Budget, amountUsd: number): void {
  const limit = toMoney(budget.usd);
  const amount = toMoney(amountUsd);
  if (limit === undefined || (amount !== undefined && amount <= limit)) return;
  throw createError("budget_exceeded", `${named(budget)} is less than this call may cost: ${amountUsd} USD`, {
    hint: "Lower `maxTokens`, or take a cheaper model.",
  });
}

const named = ({ usd, per, key }: Budget) => `the ${per} budget of ${usd} USD${key === undefined ? "" : ` for ${key}`}`;
