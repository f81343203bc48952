import type { LedgerIntent, LedgerRecord } from "./ledger.js";

/** What a field holds: text, exact USD, wall-clock milliseconds, a whole number, any number, yes or no, texts by name. */
export type FieldKind = "text" | "usd" | "time" | "count" | "number" | "flag" | "texts";
type Fields<T> = Readonly<Record<keyof T, FieldKind>>;

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
  worstCaseUsd: "usd",
  generationId: "text",
};

export const RECORD_FIELDS: Fields<LedgerRecord> = {
  ...INTENT_FIELDS,
  outcome: "text",
  code: "text",
  endedAt: "time",
  latencyMs: "number",
  firstTokenMs: "number",
  attempts: "count",
  servedBy: "text",
  finishReason: "text",
  promptTokens: "count",
  completionTokens: "count",
  cachedTokens: "count",
  reasoningTokens: "count",
  usd: "usd",
  isByok: "flag",
  source: "text",
};
