/**
 * `@signalbox/core/ledger`: where every request leaves one record.
 *
 * @module core/ledger
 */
export type { DurableLedger } from "./durable-ledger.js";
export { hookLedger, type LedgerHooks } from "./hook-ledger.js";
export { jsonlLedger } from "./jsonl-ledger.js";
export type { Ledger, LedgerIntent, LedgerOperation, LedgerOutcome, LedgerRecord } from "./ledger.js";
export type { LedgerOptions } from "./ledger-options.js";
export { type MemoryLedgerOptions, memoryLedger } from "./memory-ledger.js";
export { type PostgresLedgerOptions, postgresLedger, postgresLedgerTable } from "./postgres-ledger.js";
export type { PostgresPool } from "./postgres-pool.js";
export { thisProcess } from "./process-identity.js";
export type { RecordRange } from "./record-range.js";
export { type SettledOrphans, type SettleOrphansOptions, settleOrphans } from "./settle-orphans.js";
export { sqliteLedger } from "./sqlite-ledger.js";
