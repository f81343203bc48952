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
/** The oldest are thrown away once in so many records, and not one by one. */
const SWEEP_EVERY = 1_000;

/** A request that is under way. */
interface Open {
  readonly intent: LedgerIntent;
  generationId: string | undefined;
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
  const open = new Map<string, Open>();
  // As they came: an index by id would cost every record more than the rest of this, for what hardly ever comes twice.
  let records: LedgerRecord[] = [];
  /** A record came without an intent: that of a request that was refused, or one more of an id. */
  let mayRepeat = false;

  const forgetOldest = () => {
    if (mayRepeat) records = withoutRepeats(records);
    mayRepeat = false;
    for (const { id } of records.splice(0, records.length - maxRecords)) open.delete(id);
  };
  return {
    begin(intent) {
      if (!open.has(intent.id)) open.set(intent.id, { intent, generationId: intent.generationId });
      return undefined;
    },
    note(id, generationId) {
      const request = open.get(id);
      if (request !== undefined) request.generationId = generationId;
      return undefined;
    },
    finish(record) {
      if (!open.delete(record.id)) mayRepeat = true;
      records.push(record);
      if (records.length >= maxRecords + SWEEP_EVERY) forgetOldest();
      return undefined;
    },
    async orphans() {
      const now = clock.date();
      const recorded = new Set(records.map(({ id }) => id));
      return [...open.values()].flatMap(({ intent, generationId }) =>
        !recorded.has(intent.id) && isGone(intent, now, staleMs) ? plainIntent({ ...intent, generationId }) : [],
      );
    },
    async *records(range) {
      // An intent that was told again hides that its record came before.
      mayRepeat = true;
      forgetOldest();
      const bounds = boundsOf(range);
      yield* records
        .map(plainRecord)
        .filter((record) => isInRange(record, bounds))
        .sort(byEnd);
    },
    close: async () => {},
  };
}

function withoutRepeats(records: readonly LedgerRecord[]): LedgerRecord[] {
  const latest = new Map<string, LedgerRecord>();
  for (const record of records) {
    const earlier = latest.get(record.id);
    if (earlier === undefined || replaces(record, earlier)) latest.set(record.id, record);
  }
  return [...latest.values()];
}
