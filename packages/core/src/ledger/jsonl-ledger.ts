import { AppendedFile } from "./appended-file.js";
import type { DurableLedger } from "./durable-ledger.js";
import { EntryBatches } from "./entry-batches.js";
import { foldLines, lineOf } from "./jsonl-lines.js";
import type { LedgerIntent, LedgerRecord } from "./ledger.js";
import { type LedgerOptions, ledgerOptions, ledgerPath } from "./ledger-options.js";
import { plainIntent, plainRecord } from "./plain-record.js";
import { isGone } from "./process-identity.js";
import { type RecordRange, recordsInRange } from "./record-range.js";

/**
 * Appends to a file, one line of JSON an entry: an intent before each request, the generation id once it is known, a
 * record at the end. The file is made where there is none, for its owner alone; its folder has to be there. Several
 * processes of one machine may write to it at once. A line that is written outlives the process, not a loss of power.
 *
 * Made for logs that are shipped elsewhere, and for a first look with `jq`: `orphans()` and `records()` read the whole
 * file, and hold all of its records in memory. Of the lines of one id a `record` counts before an `intent`, and the last
 * one before others, save that an `unknown` one does not replace another.
 *
 * Throws: `invalid_config` for an empty path. Its promises reject where the file cannot be written or read.
 */
export function jsonlLedger(path: string, options?: LedgerOptions): DurableLedger {
  const { staleMs, clock } = ledgerOptions(options);
  const file = new AppendedFile(ledgerPath(path));
  const batches = new EntryBatches((batch) => file.append(batch.map(lineOf)));
  const read = async () => [...(await foldLines(file.lines())).values()];
  return {
    begin: (intent) => batches.add({ kind: "intent", value: plainIntent(intent) }),
    note: (id, generationId) => batches.add({ kind: "note", id, generationId }),
    finish: (record) => batches.add({ kind: "record", value: plainRecord(record) }),
    async orphans() {
      const intents: LedgerIntent[] = [];
      const now = clock.date();
      for (const { kind, value } of await read())
        if (kind === "intent" && isGone(value, now, staleMs)) intents.push(value);
      return intents;
    },
    async *records(range?: RecordRange) {
      const records: LedgerRecord[] = [];
      for (const { kind, value } of await read()) if (kind === "record") records.push(value);
      yield* recordsInRange(records, range);
    },
    close: () => batches.settled(),
  };
}
