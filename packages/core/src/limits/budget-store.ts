/** How much may be spent, and over which window. Windows are calendar windows in UTC. */
export interface Budget {
  usd: number;
  per: "request" | "hour" | "day" | "month" | "total";
  /** Whose budget it is; default: the scope's user, else the key's hash. */
  key?: string | undefined;
  /** A model without a known price: refuse (default) or let through uncounted until its cost is told. */
  unknownPrice?: "reject" | "allow" | undefined;
}

/** One window to reserve in. */
export interface ReserveEntry {
  /** Identifies the counter: kind, key and window. */
  counter: string;
  limitUsd: number;
  amountUsd: number;
  /** When the window ends, wall-clock milliseconds; absent for windows that never end. */
  resetsAt?: number | undefined;
}

export type ReserveAnswer =
  | { ok: true }
  | { ok: false; counter: string; limitUsd: number; usedUsd: number; resetsAt?: number | undefined };

/**
 * Counters of money. All entries are reserved or none. `settle` replaces the reservation by what the call cost,
 * `release` gives it back; both are idempotent and ignore unknown ids.
 */
export interface BudgetStore {
  reserve(entries: ReserveEntry[], id: string): Promise<ReserveAnswer>;
  settle(id: string, usd: number): Promise<void>;
  release(id: string): Promise<void>;
}
