import { type Money, toMoney, toNumber } from "./money.js";
import type { Cost, Usage } from "./usage.js";

/** Sums over calls. Money is exact. */
export interface UsageTotals {
  requests: number;
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  cachedTokens: number;
  reasoningTokens: number;
  /** What OpenRouter billed. */
  usd: number;
  /** Everything the calls cost, the charges of own provider keys included. */
  totalUsd: number;
}
export interface ModelTotals extends UsageTotals {
  model: string;
}
export interface UserTotals extends UsageTotals {
  user: string;
}

/** Running totals of a client and all its children. Every answer is a copy that does not change afterwards. */
export interface UsageMeter {
  readonly total: UsageTotals;
  /** One row a model, dearest first. */
  byModel(): ModelTotals[];
  /** One row a user, dearest first; the latest 10,000 users are kept. */
  byUser(options?: { limit?: number | undefined }): UserTotals[];
  /** Starts again from zero and returns what had been counted. */
  reset(): UsageTotals;
}

export interface UsageRecord {
  model: string;
  user?: string | undefined;
  usage?: Usage | undefined;
  cost?: Cost | undefined;
}
export interface RecordingMeter extends UsageMeter {
  record(entry: UsageRecord): void;
}

const COUNTS = ["promptTokens", "completionTokens", "totalTokens", "cachedTokens", "reasoningTokens"] as const;
const KEPT = 10_000;

class Sum {
  requests = 0;
  readonly counts = { promptTokens: 0, completionTokens: 0, totalTokens: 0, cachedTokens: 0, reasoningTokens: 0 };
  usd: Money = 0n;
  totalUsd: Money = 0n;

  add({ usage, cost }: UsageRecord): void {
    this.requests += 1;
    if (usage) for (const name of COUNTS) this.counts[name] += usage[name] ?? 0;
    if (cost === undefined) return;
    this.usd += toMoney(cost.usd) ?? 0n;
    this.totalUsd += toMoney(cost.totalUsd) ?? 0n;
  }

  totals(): UsageTotals {
    return { requests: this.requests, ...this.counts, usd: toNumber(this.usd), totalUsd: toNumber(this.totalUsd) };
  }
}

/** Sums by name; the least recently used names are forgotten beyond the bound. */
class Ledger {
  readonly #sums = new Map<string, Sum>();

  of(name: string): Sum {
    const sum = this.#sums.get(name) ?? new Sum();
    this.#sums.delete(name);
    this.#sums.set(name, sum);
    if (this.#sums.size > KEPT) {
      const { value: oldest, done } = this.#sums.keys().next();
      if (!done) this.#sums.delete(oldest);
    }
    return sum;
  }

  rows(limit = Number.POSITIVE_INFINITY): (UsageTotals & { name: string })[] {
    return [...this.#sums]
      .sort(([, a], [, b]) => (a.totalUsd === b.totalUsd ? b.requests - a.requests : a.totalUsd < b.totalUsd ? 1 : -1))
      .slice(0, Math.max(0, limit))
      .map(([name, sum]) => ({ name, ...sum.totals() }));
  }
}

/** A meter that starts at zero. */
export function createMeter(): RecordingMeter {
  let total = new Sum();
  let models = new Ledger();
  let users = new Ledger();
  return {
    get total() {
      return total.totals();
    },
    byModel: () => models.rows().map(({ name, ...totals }) => ({ model: name, ...totals })),
    byUser: (options) => users.rows(options?.limit).map(({ name, ...totals }) => ({ user: name, ...totals })),
    reset() {
      const before = total.totals();
      total = new Sum();
      models = new Ledger();
      users = new Ledger();
      return before;
    },
    record(entry) {
      const sums = [total, models.of(entry.model), ...(entry.user === undefined ? [] : [users.of(entry.user)])];
      for (const sum of sums) sum.add(entry);
    },
  };
}
