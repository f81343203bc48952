import type { Ledger, LedgerIntent, LedgerRecord } from "./ledger.js";

/** A ledger that outlives its process: it can do all that a ledger may, and each promise is settled once it is written. */
export interface DurableLedger extends Required<Ledger> {
  begin(intent: LedgerIntent): Promise<void>;
  note(id: string, generationId: string): Promise<void>;
  finish(record: LedgerRecord): Promise<void>;
}
