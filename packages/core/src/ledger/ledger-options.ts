import { createError } from "../errors/error-classes.js";
import { type Clock, systemClock } from "../http/clock.js";

/** What ledgers that outlive their process have in common. */
export interface LedgerOptions {
  /**
   * A request of a process on another machine is taken for an orphan when it was sent longer ago than this,
   * milliseconds: longer than any answer takes. @default 900_000
   */
  staleMs?: number | undefined;
  /** @default the system's */
  clock?: Clock | undefined;
}

/** A quarter of an hour. */
export const STALE_MS = 15 * 60_000;

/** The options with their defaults. Throws `invalid_config` for a `staleMs` that is no time. */
export function ledgerOptions({ staleMs = STALE_MS, clock = systemClock }: LedgerOptions = {}) {
  if (!(staleMs >= 0)) throw createError("invalid_config", `staleMs is a number of milliseconds, not ${staleMs}`);
  return { staleMs, clock };
}

/** Refuses an empty path. Throws `invalid_config`. */
export function ledgerPath(path: string): string {
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return path;
  throw createError("invalid_config", "a ledger takes the path of its file");
}
