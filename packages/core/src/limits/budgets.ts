import { createError } from "../errors/error-classes.js";
import { type Clock, systemClock } from "../http/clock.js";
import { addUsd, toMoney } from "../usage/money.js";
import { beforeAbort } from "./before-abort.js";
import type { Budget, BudgetStore, ReserveAnswer, ReserveEntry } from "./budget-store.js";
import { budgetWindow, hourOf } from "./budget-window.js";
import { type CountedWindow, MemoryBudgets } from "./memory-budget-store.js";
import { storeFailed } from "./store-failure.js";

/** Money set aside for one call. Both ways to end it are idempotent; the first one counts. */
export interface Reservation {
  /** The request is about to be sent; nobody waits for the store to know. */
  sent(): void;
  /** The call cost this much: what was set aside beyond it is free again. Undefined: it is done already. */
  settle(usd: number): Promise<void> | undefined;
  /** The call cost nothing. */
  release(): Promise<void> | undefined;
}

/** Whose money it is: a call. */
export interface ReserveOwner {
  /** Unique for the call. */
  readonly id: string;
  /** Takes over what is told to a store without anybody waiting for it, and its failure. */
  inBackground(work: Promise<void>): void;
}

export interface ReserveRequest {
  budgets: readonly Budget[];
  /** Whose counters: the scope's user, else the hash of the key. A budget's own `key` wins. */
  subject: string;
  /** The most the call can cost; undefined where no price is known. */
  amountUsd: number | undefined;
  owner: ReserveOwner;
  /** Ends the asking of a slow store; what it reserves after all is given back. */
  signal?: AbortSignal | undefined;
}

/** A window, and the budget that bounds it. */
class Counted implements CountedWindow {
  readonly counter: string;
  readonly resetsAt: number | undefined;
  readonly budget: Budget;

  constructor(counter: string, resetsAt: number | undefined, budget: Budget) {
    this.counter = counter;
    this.resetsAt = resetsAt;
    this.budget = budget;
  }

  /** Asked anew for each call: whoever has the budget may raise it. */
  get limitUsd(): number {
    return this.budget.usd;
  }
}

const NOTHING: Reservation = { sent() {}, settle: () => undefined, release: () => undefined };

/** Refuses calls that could go beyond a budget, before they are sent. */
export class Budgets {
  readonly #store: BudgetStore | undefined;
  readonly #memory: MemoryBudgets;
  readonly #clock: Clock;
  /** What the latest call with these budgets was counted by: often the next is counted by the same. */
  readonly #latest = new WeakMap<readonly Budget[], { subject: string; hour: number; counted: readonly Counted[] }>();

  constructor({ store, clock = systemClock }: { store?: BudgetStore | undefined; clock?: Clock | undefined } = {}) {
    this.#clock = clock;
    this.#store = store;
    this.#memory = new MemoryBudgets(clock);
  }

  /**
   * Sets the money aside in every window, or in none: at once where the counters are in memory.
   *
   * Throws, or rejects with: BudgetExceededError `budget_exceeded`; `detail` names the budget, `retryAfterMs` is when
   * its window ends. `provider_error` where the store fails: the call is not to be sent. AbortedError when `signal`
   * fires.
   */
  reserve(request: ReserveRequest): Reservation | Promise<Reservation> {
    const { budgets, subject, amountUsd } = request;
    for (const budget of budgets) {
      if (amountUsd === undefined && budget.unknownPrice !== "allow") throw unpriced(budget);
      if (budget.per === "request") checkRequest(budget, amountUsd ?? 0);
    }
    const counted = this.#countedBy(budgets, subject);
    if (counted.length === 0) return NOTHING;
    if (this.#store !== undefined) return this.#reserveIn(this.#store, counted, request);
    const held = this.#memory.hold(counted, amountUsd);
    if (!held.ok) throw this.#refusal(held, counted, amountUsd);
    return held;
  }

  #countedBy(budgets: readonly Budget[], subject: string): readonly Counted[] {
    const now = this.#clock.date();
    const hour = hourOf(now);
    const latest = this.#latest.get(budgets);
    if (latest?.subject === subject && latest.hour === hour) return latest.counted;
    const counted: Counted[] = [];
    for (const budget of budgets) {
      if (budget.per === "request") continue;
      const { name, resetsAt } = budgetWindow(budget.per, now);
      const counter = `budget:${encoded(budget.key ?? subject)}:${budget.per}:${name}`;
      // Two budgets over one counter: the money is counted once, the tighter limit decides.
      const known = counted.findIndex((other) => other.counter === counter);
      if (known >= 0 && (counted[known] as Counted).limitUsd <= budget.usd) continue;
      counted[known >= 0 ? known : counted.length] = new Counted(counter, resetsAt, budget);
    }
    this.#latest.set(budgets, { subject, hour, counted });
    return counted;
  }

  async #reserveIn(
    store: BudgetStore,
    counted: readonly Counted[],
    { owner, amountUsd, signal }: ReserveRequest,
  ): Promise<Reservation> {
    const { id } = owner;
    const asked = counted.map((window) => entryOf(window, amountUsd ?? 0));
    const reserving = (async () => store.reserve(asked, id))();
    let answer: ReserveAnswer;
    try {
      answer = await beforeAbort(reserving, signal);
    } catch (error) {
      const giveBack = () => owner.inBackground((async () => store.release(id))());
      // A store may fail after it has reserved, such as on the way back of its answer; one that is slow may reserve yet.
      reserving.then((late) => late.ok && giveBack(), giveBack);
      throw signal?.aborted ? error : storeFailed("budget", error);
    }
    if (!answer.ok) throw this.#refusal(answer, counted, amountUsd);
    return new StoredReservation(store, owner);
  }

  #refusal(
    { counter, limitUsd, usedUsd, resetsAt }: Extract<ReserveAnswer, { ok: false }>,
    counted: readonly Counted[],
    amountUsd = 0,
  ): Error {
    const budget = counted.find((other) => other.counter === counter)?.budget;
    const which = budget ? named(budget) : `the budget of ${limitUsd} USD`;
    const left = Math.max(0, addUsd(limitUsd, -usedUsd));
    const frees = resetsAt === undefined ? "" : `; it frees at ${new Date(resetsAt).toISOString()}`;
    return createError(
      "budget_exceeded",
      `${which} has ${left} USD left; this call may cost ${amountUsd} USD${frees}`,
      resetsAt === undefined ? {} : { retryAfterMs: Math.max(0, resetsAt - this.#clock.date()) },
    );
  }
}

class StoredReservation implements Reservation {
  readonly #store: BudgetStore;
  readonly #owner: ReserveOwner;
  #isOpen = true;

  constructor(store: BudgetStore, owner: ReserveOwner) {
    this.#store = store;
    this.#owner = owner;
  }

  sent(): void {
    if (this.#store.sent !== undefined) this.#owner.inBackground((async () => this.#store.sent?.(this.#owner.id))());
  }

  settle(usd: number): Promise<void> | undefined {
    return this.#once(async () => this.#store.settle(this.#owner.id, usd));
  }

  release(): Promise<void> | undefined {
    return this.#once(async () => this.#store.release(this.#owner.id));
  }

  #once(end: () => Promise<void>): Promise<void> | undefined {
    if (!this.#isOpen) return undefined;
    this.#isOpen = false;
    return end();
  }
}

/** Of a window that never ends there is nothing to say of its end. */
function entryOf({ counter, limitUsd, resetsAt }: CountedWindow, amountUsd: number): ReserveEntry {
  return resetsAt === undefined ? { counter, limitUsd, amountUsd } : { counter, limitUsd, amountUsd, resetsAt };
}

/** Most users and all hashes stand in a counter's name as they are. */
const PLAIN = /^[\w.-]+$/;
const encoded = (subject: string) => (PLAIN.test(subject) ? subject : encodeURIComponent(subject.toWellFormed()));

function unpriced(budget: Budget): Error {
  return createError("budget_exceeded", `no price is known for the model, and ${named(budget)} refuses such calls`, {
    hint: 'Set `unknownPrice: "allow"`, or refresh the catalogue; with `outputModalities: "all"` it lists models that make no text, too.',
  });
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
