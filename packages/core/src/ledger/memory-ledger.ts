import { createError } from "../errors/error-classes.js";
import { replaces } from "./fold-entries.js";
import type { Ledger, LedgerIntent, LedgerRecord } from "./ledger.js";
import { type LedgerOptions, ledgerOptions } from "./ledger-options.js";
import { plainIntent, plainRecord } from "./plain-record.js";
import { isGone } from "./process-identity.js";
import { boundsOf, byEnd, isInRange } from "./record-range.js";

export interface MemoryLedgerOptions extends LedgerOptions {
  /** The oldest records beyond it are forgotten. @default 10_000 */
  maxRecords?: number | undefined;
}

const KEPT = 10_000;
/** The oldest are looked for once in so many records: a map finds its first entry slowly where many were taken away. */
const SWEEP_EVERY = 1_000;

/** A request: its intent until its record is here. */
interface Entry {
  intent: LedgerIntent | undefined;
  generationId: string | undefined;
  record: LedgerRecord | undefined;
}

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
  const { staleMs, clock } = ledgerOptions("memoryLedger()", options, ["maxRecords"]);
  // In the order in which they began.
  const held = new Map<string, Entry>();
  let records = 0;

  const forgetOldest = () => {
    for (const [id, { record }] of held) {
      if (records <= maxRecords) break;
      if (record === undefined) continue;
      held.delete(id);
      records -= 1;
    }
  };
  return {
    begin(intent) {
      if (!held.has(intent.id)) held.set(intent.id, { intent, generationId: intent.generationId, record: undefined });
      return undefined;
    },
    note(id, generationId) {
      const entry = held.get(id);
      if (entry !== undefined) entry.generationId = generationId;
      return undefined;
    },
    finish(record) {
      const entry = held.get(record.id);
      if (entry?.record === undefined) records += 1;
      if (entry === undefined) held.set(record.id, { intent: undefined, generationId: undefined, record });
      else if (entry.record === undefined || replaces(record, entry.record)) {
        entry.record = record;
        entry.intent = undefined;
      }
      if (records >= maxRecords + SWEEP_EVERY) forgetOldest();
      return undefined;
    },
    async orphans() {
      const now = clock.date();
      return [...held.values()].flatMap(({ intent, generationId }) =>
        intent !== undefined && isGone(intent, now, staleMs) ? plainIntent({ ...intent, generationId }) : [],
      );
    },
    async *records(range) {
      forgetOldest();
      const bounds = boundsOf(range);
      const plain = [...held.values()].flatMap(({ record }) => (record === undefined ? [] : plainRecord(record)));
      yield* plain.filter((record) => isInRange(record, bounds)).sort(byEnd);
    },
    close: async () => {},
  };
}
