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

export interface TagTotals extends UsageTotals {
  /** The value that the calls had under the key. */
  tag: string;
}

/**
 * Running totals of a client and all its children, in this process: the exact sum of what `on("usage")` told, hits of the
 * response cache excepted. Every answer is a copy that does not change afterwards.
 */
export interface UsageMeter {
  readonly total: UsageTotals;
  /** One row a model, dearest first; the latest 10,000 models are kept. */
  byModel(): ModelTotals[];
  /** One row a user, dearest first; the latest 10,000 users are kept. */
  byUser(options?: { limit?: number | undefined }): UserTotals[];
  /**
   * One row a value that `metadata` had under `key`, dearest first: `byTag("feature")` after
   * `llm.scope({ metadata: { feature: "deck" } })`. The latest 10,000 pairs of key and value are kept, of all keys
   * together; calls without the key are in no row.
   */
  byTag(key: string, options?: { limit?: number | undefined }): TagTotals[];
  /** Starts again from zero and returns what had been counted. */
  reset(): UsageTotals;
}

export interface UsageRecord {
  model: string;
  user?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
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

  add(usage: Usage | undefined, usd: Money, totalUsd: Money): void {
    this.requests += 1;
    if (usage) for (const name of COUNTS) this.counts[name] += usage[name] ?? 0;
    this.usd += usd;
    this.totalUsd += totalUsd;
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
    if (this.#sums.size > KEPT) this.#sums.delete(this.#sums.keys().next().value as string);
    return sum;
  }

  rows(limit = Number.POSITIVE_INFINITY, prefix = ""): (UsageTotals & { name: string })[] {
    return [...this.#sums]
      .filter(([name]) => name.startsWith(prefix))
      .sort(([, a], [, b]) => Number(b.totalUsd - a.totalUsd) || b.requests - a.requests)
      .slice(0, Math.max(0, limit))
      .map(([name, sum]) => ({ name: name.slice(prefix.length), ...sum.totals() }));
  }
}

/** The key's length comes first: no key and value can be read as another pair. */
const tagName = (key: string, value: string) => `${key.length}:${key}=${value}`;

/** A meter that starts at zero. */
export function createMeter(): RecordingMeter {
  let total = new Sum();
  let models = new Ledger();
  let users = new Ledger();
  let tags = new Ledger();
  return {
    get total() {
      return total.totals();
    },
    byModel: () => models.rows().map(({ name, ...totals }) => ({ model: name, ...totals })),
    byUser: (options) => users.rows(options?.limit).map(({ name, ...totals }) => ({ user: name, ...totals })),
    byTag: (key, options) =>
      tags.rows(options?.limit, tagName(key, "")).map(({ name, ...totals }) => ({ tag: name, ...totals })),
    reset() {
      const before = total.totals();
      total = new Sum();
      models = new Ledger();
      users = new Ledger();
      tags = new Ledger();
      return before;
    },
    record({ model, user, metadata, usage, cost }) {
      const usd = (cost && toMoney(cost.usd)) ?? 0n;
      const totalUsd = (cost && toMoney(cost.totalUsd)) ?? 0n;
      total.add(usage, usd, totalUsd);
      models.of(model).add(usage, usd, totalUsd);
      if (user !== undefined) users.of(user).add(usage, usd, totalUsd);
      if (metadata === undefined) return;
      for (const [key, value] of Object.entries(metadata))
        tags.of(tagName(key, String(value))).add(usage, usd, totalUsd);
    },
  };
}
