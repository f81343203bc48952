import { usdText } from "./decimal-text.js";
import type { LedgerIntent, LedgerRecord } from "./ledger.js";
import { type FieldKind, RECORD_FIELDS } from "./ledger-fields.js";
import { plainRecord } from "./plain-record.js";

export interface LedgerColumn {
  field: keyof LedgerRecord;
  name: string;
  kind: FieldKind;
}

/** Words that SQL keeps for itself. */
const NAMES: Partial<Record<keyof LedgerRecord, string>> = { user: "user_name", key: "key_hash" };

/** The columns of a table of requests, in order; the first is the primary key. */
export const COLUMNS: readonly LedgerColumn[] = Object.entries(RECORD_FIELDS).map(([name, kind]) => {
  const field = name as keyof LedgerRecord;
  return { field, name: NAMES[field] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), kind };
});

/** What every row has. */
const REQUIRED = new Set(["id", "startedAt", "process", "operation", "provider", "model", "key"]);
export const isRequired = ({ field }: LedgerColumn) => REQUIRED.has(field);

/** The values of a row in the order of the columns; amounts as decimal texts, null where there is none. */
export function valuesOf(held: LedgerIntent | LedgerRecord): (string | number | null)[] {
  const fields = held as Partial<LedgerRecord>;
  return COLUMNS.map(({ field, kind }) => columnValue(kind, fields[field]));
}

function columnValue(kind: FieldKind, value: LedgerRecord[keyof LedgerRecord]): string | number | null {
  if (value === undefined) return null;
  if (kind === "usd") return usdText(value as number) ?? null;
  if (kind === "flag") return value === true ? 1 : 0;
  return kind === "texts" ? JSON.stringify(value) : (value as string | number);
}

/** A row, by the names of its columns, as what it was written from. */
export function rowToRecord(row: Readonly<Record<string, unknown>>): LedgerRecord {
  const fields: Record<string, unknown> = {};
  for (const { field, name, kind } of COLUMNS) {
    const value = row[name];
    if (value === null || value === undefined) continue;
    fields[field] = readValue(kind, value);
  }
  return plainRecord(fields as unknown as LedgerRecord);
}

function readValue(kind: FieldKind, value: unknown): unknown {
  if (kind === "text") return value;
  if (kind === "flag") return Number(value) === 1;
  return kind === "texts" ? JSON.parse(String(value)) : Number(value);
}
