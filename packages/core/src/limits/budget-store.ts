/**
 * How much may be spent, and over which window. A call is refused with `budget_exceeded` before it is sent where its
 * upper bound at list price does not fit; what it really cost counts afterwards.
 *
 * Windows are calendar windows in UTC: an hour from :00, a day from midnight, a month from the first. A call counts
 * into the window in which it was sent. `request` bounds each request alone and keeps no counter; `total` never frees.
 */
export interface Budget {
  usd: number;
  per: "request" | "hour" | "day" | "month" | "total";
  /** Whose budget it is; default: the scope's user (never one whom only a request names), else the key's hash. */
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

/** Whether all entries had room; if not, the first that had none: its limit, and what is spent and reserved in it. */
export type ReserveAnswer =
  | { ok: true }
  | { ok: false; counter: string; limitUsd: number; usedUsd: number; resetsAt?: number | undefined };

/**
 * Counters of money.
 *
 * `reserve` sets aside in all counters or in none; the id is new for every call. `settle` replaces the reservation by
 * what the call cost, `release` gives it back: the first of them counts, later ones and unknown ids change nothing, and
 * both may come after the window has ended. Amounts are USD and add up exactly, like decimals. An entry with a
 * `resetsAt` in the past may be forgotten.
 *
 * A rejection of `reserve` refuses the call with `provider_error`, unsent: a broken store is no free pass. A rejection
 * of `settle` or `release` costs nobody the answer; it is told as a warning `budget_store`, and the reservation stays.
 * What is reserved for a caller who has left meanwhile is given back.
 */
export interface BudgetStore {
  /** Sets every entry's amount aside under `id`, or nothing where one counter has no room. */
  reserve(entries: ReserveEntry[], id: string): Promise<ReserveAnswer>;
  /**
   * The request is about to be sent: from now on what was set aside may have been spent. Nobody waits for it. A store
   * whose reservations outlive the process gives back what was never sent, and counts the rest until it is settled.
   */
  sent?(id: string): void;
  /** Counts `usd` in every counter of the reservation instead of what was set aside; it may be more. */
  settle(id: string, usd: number): Promise<void>;
  /** Gives the whole reservation back. */
  release(id: string): Promise<void>;
}
