import { decimalText } from "../ledger/decimal-text.js";
import type { LedgerRecord } from "../ledger/ledger.js";
import { type Money, toMoney } from "../usage/money.js";

/** What requests came to. Amounts are exact decimals of USD; `estimatedUsd` and `unknownUsd` are part of `usd`. */
export interface Spending {
  /** Requests that were sent, and answers from the response cache. */
  calls: number;
  /** Requests that were not: a limit or a budget refused them. */
  refused: number;
  promptTokens: number;
  completionTokens: number;
  usd: string;
  /** Requests whose cost was computed from list prices. */
  estimatedCalls: number;
  estimatedUsd: string;
  /** Requests of which nobody can tell what they cost; those of processes that are gone count at their worst case. */
  unknownCalls: number;
  unknownUsd: string;
}

/** Adds requests up. */
export class SpendingSum {
  #calls = 0;
  #refused = 0;
  #promptTokens = 0;
  #completionTokens = 0;
  #estimatedCalls = 0;
  #unknownCalls = 0;
  #usd: Money = 0n;
  #estimatedUsd: Money = 0n;
  #unknownUsd: Money = 0n;

  get usd(): Money {
    return this.#usd;
  }

  add({ outcome, source, usd, promptTokens = 0, completionTokens = 0 }: LedgerRecord): void {
    const amount = (usd === undefined ? undefined : toMoney(usd)) ?? 0n;
    if (outcome === "refused") this.#refused += 1;
    else this.#calls += 1;
    this.#promptTokens += promptTokens;
    this.#completionTokens += completionTokens;
    this.#usd += amount;
    if (outcome === "unknown" || (usd === undefined && outcome !== "refused")) {
      this.#unknownCalls += 1;
      this.#unknownUsd += amount;
    } else if (source === "estimate") {
      this.#estimatedCalls += 1;
      this.#estimatedUsd += amount;
    }
  }

  totals(): Spending {
    return {
      calls: this.#calls,
      refused: this.#refused,
      promptTokens: this.#promptTokens,
      completionTokens: this.#completionTokens,
      usd: decimalText(this.#usd),
      estimatedCalls: this.#estimatedCalls,
      estimatedUsd: decimalText(this.#estimatedUsd),
      unknownCalls: this.#unknownCalls,
      unknownUsd: decimalText(this.#unknownUsd),
    };
  }
}
