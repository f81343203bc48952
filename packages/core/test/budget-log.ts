import type { BudgetStore, ReserveAnswer } from "../src/index.js";

/** A store of budgets that refuses nothing and writes down what it is told. */
export class BudgetLog implements BudgetStore {
  readonly log: string[] = [];
  readonly #booking: () => Promise<void> | void;
  readonly #booked = Promise.withResolvers<void>();

  /** @param booking - what every settlement and release waits for, or fails with */
  constructor(booking: () => Promise<void> | void = () => {}) {
    this.#booking = booking;
  }

  /** Resolves once a reservation is being settled or given back. */
  get booked(): Promise<void> {
    return this.#booked.promise;
  }

  async reserve(): Promise<ReserveAnswer> {
    this.log.push("reserve");
    return { ok: true };
  }

  settle(_id: string, usd: number): Promise<void> {
    return this.#book(`settle ${usd}`);
  }

  release(): Promise<void> {
    return this.#book("release");
  }

  async #book(line: string): Promise<void> {
    this.log.push(line);
    this.#booked.resolve();
    await this.#booking();
  }
}

/** A budget that lets every model through. */
export const roomy = { usd: 5, per: "day", unknownPrice: "allow" } as const;
