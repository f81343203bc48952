import { AppendedFile } from "./appended-file.js";
import type { DurableLedger } from "./durable-ledger.js";
import { EntryBatches } from "./entry-batches.js";
import { lineOf, openIntents, recordsOfLines } from "./jsonl-lines.js";
import { type LedgerOptions, ledgerOptions, ledgerPath } from "./ledger-options.js";
import { plainIntent, plainRecord } from "./plain-record.js";
import { isGone } from "./process-identity.js";

/**
 * Appends to a file, one line of JSON an entry: an intent before each request, the generation id once it is known, a
 * record at the end. The file is made where there is none, for its owner alone; its folder has to be there. Several
 * processes of one machine may write to it at once. A line that is written outlives the process, not a loss of power.
 *
 * Made for logs that are shipped elsewhere, and for a first look with `jq`: `orphans()` and `records()` read the whole
 * file. `orphans()` holds in memory what is open, `records()` the records of its range and the ids of all. Of the lines
 * of one id a `record` counts before an `intent`, and the last one before others, save that an `unknown` one does not
 * replace another.
 *
 * Throws: `invalid_config` for an empty path. Its promises reject where the file cannot be written or read.
 */
export function jsonlLedger(path: string, options?: LedgerOptions): DurableLedger {
  const { staleMs, clock } = ledgerOptions("jsonlLedger()", options);
  const file = new AppendedFile(ledgerPath(path));
  const batches = new EntryBatches((batch) => file.append(batch.map(lineOf)));
  return {
    begin: (intent) => batches.add({ kind: "intent", value: plainIntent(intent) }),
    note: (id, generationId) => batches.add({ kind: "note", id, generationId }),
    finish: (record) => batches.add({ kind: "record", value: plainRecord(record) }),
    orphans() {
      const now = clock.date();
      return openIntents(
        () => file.lines(),
        (intent) => isGone(intent, now, staleMs),
      );
    },
    records: (range) => recordsOfLines(file.lines(), range),
    close: () => batches.settled(),
  };
}
