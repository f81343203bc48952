import { createError } from "../errors/error-classes.js";
import type { Ledger, LedgerIntent, LedgerRecord } from "./ledger.js";
import { type LedgerOptions, ledgerOptions } from "./ledger-options.js";
import { plainIntent, plainRecord } from "./plain-record.js";
import { isGone } from "./process-identity.js";
import { recordsInRange } from "./record-range.js";

export interface MemoryLedgerOptions extends LedgerOptions {
  /** The oldest records beyond it are forgotten. @default 10_000 */
  maxRecords?: number | undefined;
}

const KEPT = 10_000;
/** The oldest are looked for once in so many records: a map finds its first entry slowly where many were taken away. */
const SWEEP_EVERY = 1_000;

/** What a ledger in memory can do: everything that a ledger may. */
export type MemoryLedger = Required<Ledger>;

/**
 * Keeps the latest records in this process's memory: for tests, and for a look at what is going on. It is the cheapest
 * ledger, and none of it outlives the process.
 *
 * Throws: `invalid_config` for a `maxRecords` that is no count.
 */
export function memoryLedger({ maxRecords = KEPT, ...options }: MemoryLedgerOptions = {}): MemoryLedger {
  if (!Number.isSafeInteger(maxRecords) || maxRecords < 1)
    throw createError("invalid_config", `maxRecords is a whole number of 1 or more, not ${maxRecords}`);
  const { staleMs, clock } = ledgerOptions(options);
  // In the order in which they began; one entry a request, which its record takes over.
  const held = new Map<string, LedgerIntent | LedgerRecord>();
  let sweepAt = maxRecords + SWEEP_EVERY;

  const recordsHeld = () => [...held.values()].filter(isRecord);
  const forgetOldest = () => {
    let excess = recordsHeld().length - maxRecords;
    for (const [id, entry] of held) {
      if (excess <= 0) break;
      if (!isRecord(entry)) continue;
      held.delete(id);
      excess -= 1;
    }
    sweepAt = held.size + SWEEP_EVERY;
  };
  return {
    begin(intent) {
      // What has more than an intent is not to pass for a record.
      if (!held.has(intent.id)) held.set(intent.id, isRecord(intent) ? plainIntent(intent) : intent);
      return undefined;
    },
    note(id, generationId) {
      const intent = held.get(id);
      if (intent !== undefined && !isRecord(intent)) held.set(id, { ...intent, generationId });
      return undefined;
    },
    finish(record) {
      const earlier = record.outcome === "unknown" ? held.get(record.id) : undefined;
      if (earlier === undefined || !isRecord(earlier) || earlier.outcome === "unknown") held.set(record.id, record);
      if (held.size >= sweepAt) forgetOldest();
      return undefined;
    },
    async orphans() {
      const now = clock.date();
      return [...held.values()]
        .filter((entry) => !isRecord(entry) && isGone(entry, now, staleMs))
        .map((intent) => plainIntent(intent));
    },
    async *records(range) {
      forgetOldest();
      for (const record of recordsInRange(recordsHeld(), range)) yield plainRecord(record);
    },
    close: async () => {},
  };
}

function isRecord(entry: LedgerIntent | LedgerRecord): entry is LedgerRecord {
  return "outcome" in entry;
}
