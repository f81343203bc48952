import { systemClock } from "../http/clock.js";
import { STALE_MS } from "./ledger-options.js";
import { type SettledOrphans, type SettleOrphansOptions, settleOrphans } from "./settle-orphans.js";

/**
 * When a client looks for requests of processes that are gone: with its first call, and with the first one after each
 * quarter of an hour, as what another machine left behind is known for an orphan only by its age. The function gives
 * the work where it is due, else undefined at once; one look goes on at a time.
 */
export function orphanCare(options: SettleOrphansOptions): () => Promise<SettledOrphans> | undefined {
  const { clock = systemClock } = options;
  let dueAt = Number.NEGATIVE_INFINITY;
  let isLooking = false;
  return () => {
    if (isLooking || options.ledger.orphans === undefined || clock.now() < dueAt) return undefined;
    isLooking = true;
    return settleOrphans(options).finally(() => {
      dueAt = clock.now() + STALE_MS;
      isLooking = false;
    });
  };
}
