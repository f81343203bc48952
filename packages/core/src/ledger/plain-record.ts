import type { LedgerIntent, LedgerRecord } from "./ledger.js";

type Kind = "text" | "number" | "time" | "flag" | "texts";
type Fields<T> = Readonly<Record<keyof T, Kind>>;

export const INTENT_FIELDS: Fields<LedgerIntent> = {
  id: "text",
  startedAt: "time",
  process: "text",
  operation: "text",
  provider: "text",
  model: "text",
  user: "text",
  key: "text",
  metadata: "texts",
  worstCaseUsd: "number",
  generationId: "text",
};

export const RECORD_FIELDS: Fields<LedgerRecord> = {
  ...INTENT_FIELDS,
  outcome: "text",
  code: "text",
  endedAt: "time",
  latencyMs: "number",
  firstTokenMs: "number",
  attempts: "number",
  servedBy: "text",
  finishReason: "text",
  promptTokens: "number",
  completionTokens: "number",
  cachedTokens: "number",
  reasoningTokens: "number",
  usd: "number",
  isByok: "flag",
  source: "text",
};

const RECORD_ENTRIES = Object.entries(RECORD_FIELDS) as [keyof LedgerRecord, Kind][];
const INTENT_ENTRIES = Object.entries(INTENT_FIELDS) as [keyof LedgerIntent, Kind][];

/** Only what an intent has, and that as it has to be: nothing else gets into a ledger. */
export function plainIntent(intent: LedgerIntent): LedgerIntent {
  return pick(intent, INTENT_ENTRIES) as unknown as LedgerIntent;
}

/** Only what a record has, and that as it has to be: nothing else gets into a ledger, or out of it. */
export function plainRecord(record: LedgerRecord): LedgerRecord {
  return pick(record, RECORD_ENTRIES) as unknown as LedgerRecord;
}

function pick(given: LedgerIntent, entries: readonly [string, Kind][]): Record<string, unknown> {
  const source = given as unknown as Record<string, unknown>;
  const plain: Record<string, unknown> = {};
  for (const [name, kind] of entries) {
    const value = READERS[kind](source[name]);
    if (value !== undefined) plain[name] = value;
  }
  return plain;
}

const READERS = {
  text: (value: unknown) => (typeof value === "string" ? storable(value) : undefined),
  number: (value: unknown) => (Number.isFinite(value) ? value : undefined),
  time: (value: unknown) => (Number.isFinite(value) ? Math.round(value as number) : undefined),
  flag: (value: unknown) => (typeof value === "boolean" ? value : undefined),
  texts(value: unknown) {
    if (typeof value !== "object" || value === null) return undefined;
    const texts = Object.entries(value).filter(([, text]) => typeof text === "string");
    return Object.fromEntries(texts.map(([name, text]) => [storable(name), storable(text as string)]));
  },
} as const satisfies Record<Kind, (value: unknown) => unknown>;

/** What any database takes: PostgreSQL knows no U+0000 and no half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll("\0", "\ufffd").toWellFormed();
}
