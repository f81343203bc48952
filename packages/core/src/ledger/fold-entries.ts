import type { LedgerIntent, LedgerRecord } from "./ledger.js";

/** One thing that a ledger was told. */
export type LedgerEntry =
  | { kind: "intent"; value: LedgerIntent }
  | { kind: "note"; id: string; generationId: string }
  | { kind: "record"; value: LedgerRecord };

/** What a ledger holds under an id. */
export type Held = { kind: "intent"; value: LedgerIntent } | { kind: "record"; value: LedgerRecord };

export const idOf = (entry: LedgerEntry) => (entry.kind === "note" ? entry.id : entry.value.id);

/**
 * What is held under an id once the entry has come: a record takes the place of the intent, a later one that of the
 * earlier, save that nobody's not knowing takes the place of a known outcome.
 */
export function folded(held: Held | undefined, entry: LedgerEntry): Held | undefined {
  if (entry.kind === "record") return isSuperseded(held, entry.value) ? held : entry;
  if (held?.kind === "record") return held;
  if (entry.kind === "intent") return entry;
  return held && { kind: "intent", value: { ...held.value, generationId: entry.generationId } };
}

function isSuperseded(held: Held | undefined, record: LedgerRecord): boolean {
  return record.outcome === "unknown" && held?.kind === "record" && held.value.outcome !== "unknown";
}
