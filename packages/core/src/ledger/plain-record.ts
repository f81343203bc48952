import type { LedgerIntent, LedgerRecord } from "./ledger.js";
import { type FieldKind, INTENT_FIELDS, RECORD_FIELDS } from "./ledger-fields.js";

const RECORD_ENTRIES = Object.entries(RECORD_FIELDS) as [keyof LedgerRecord, FieldKind][];
const INTENT_ENTRIES = Object.entries(INTENT_FIELDS) as [keyof LedgerIntent, FieldKind][];

/** Only what an intent has, and that as it has to be: nothing else gets into a ledger. */
export function plainIntent(intent: LedgerIntent): LedgerIntent {
  return pick(intent, INTENT_ENTRIES) as unknown as LedgerIntent;
}

/** Only what a record has, and that as it has to be: nothing else gets into a ledger, or out of it. */
export function plainRecord(record: LedgerRecord): LedgerRecord {
  return pick(record, RECORD_ENTRIES) as unknown as LedgerRecord;
}

function pick(given: LedgerIntent, entries: readonly [string, FieldKind][]): Record<string, unknown> {
  const source = given as unknown as Record<string, unknown>;
  const plain: Record<string, unknown> = {};
  for (const [name, kind] of entries) {
    const value = READERS[kind](source[name]);
    if (value !== undefined) plain[name] = value;
  }
  return plain;
}

const numberOf = (value: unknown) => (Number.isFinite(value) ? value : undefined);

const READERS = {
  text: (value: unknown) => (typeof value === "string" ? storable(value) : undefined),
  number: numberOf,
  usd: numberOf,
  // Attempts together may come to more than a double counts, and SQLite gives back no more.
  count: (value: unknown) =>
    Number.isFinite(value) ? Math.min(Math.round(value as number), Number.MAX_SAFE_INTEGER) : undefined,
  time: (value: unknown) => (Number.isFinite(value) ? Math.round(value as number) : undefined),
  flag: (value: unknown) => (typeof value === "boolean" ? value : undefined),
  texts(value: unknown) {
    if (typeof value !== "object" || value === null) return undefined;
    const texts = Object.entries(value).filter(([, text]) => typeof text === "string");
    return Object.fromEntries(texts.map(([name, text]) => [storable(name), storable(text as string)]));
  },
} as const satisfies Record<FieldKind, (value: unknown) => unknown>;

/** What any database takes: PostgreSQL knows no U+0000 and no half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll("\0", "\ufffd").toWellFormed();
}
