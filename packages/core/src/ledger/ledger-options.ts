import { createError } from "../errors/error-classes.js";
import { type Clock, systemClock } from "../http/clock.js";
import { nearest } from "../models/nearest.js";

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

/**
 * The options with their defaults.
 *
 * Throws: `invalid_config` for a `staleMs` that is no time, and for a name that is none of theirs.
 *
 * @param own - the names of those that only this ledger has
 */
export function ledgerOptions(where: string, options: LedgerOptions = {}, own: readonly string[] = []) {
  const known = ["staleMs", "clock", ...own];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const [meant] = nearest(unknown, known);
    throw createError("invalid_config", `${where} has no option "${unknown}"`, {
      hint: meant === undefined ? `Known are: ${known.join(", ")}.` : `Did you mean "${meant}"?`,
    });
  }
  const { staleMs = STALE_MS, clock = systemClock } = options;
  refuseNoTime({ staleMs });
  return { staleMs, clock };
}

/** Throws `invalid_config` for what is no number of milliseconds. */
export function refuseNoTime(times: Readonly<Record<string, number>>): void {
  for (const [name, ms] of Object.entries(times))
    if (!(ms >= 0)) throw createError("invalid_config", `${name} is a number of milliseconds, not ${ms}`);
}

/** Refuses an empty path. Throws `invalid_config`. */
export function ledgerPath(path: string): string {
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return path;
  throw createError("invalid_config", "a ledger takes the path of its file");
}
