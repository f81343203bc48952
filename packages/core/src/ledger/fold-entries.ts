import type { LedgerIntent, LedgerRecord } from "./ledger.js";

/** One thing that a ledger was told. */
export type LedgerEntry =
  | { kind: "intent"; value: LedgerIntent }
  | { kind: "note"; id: string; generationId: string }
  | { kind: "record"; value: LedgerRecord };

/** What a ledger holds under an id. */
export type Held = { kind: "intent"; value: LedgerIntent } | { kind: "record"; value: LedgerRecord };

export const idOf = (entry: LedgerEntry) => (entry.kind === "note" ? entry.id : entry.value.id);

/** What is held under an id once the entry has come: a record in the place of its intent, a later one of an earlier. */
export function folded(held: Held | undefined, entry: LedgerEntry): Held | undefined {
  if (entry.kind === "record") return held?.kind === "record" && !replaces(entry.value, held.value) ? held : entry;
  if (held?.kind === "record") return held;
  if (entry.kind === "intent") return held ?? entry;
  return held && { kind: "intent", value: { ...held.value, generationId: entry.generationId } };
}

type Outcome = Pick<LedgerRecord, "outcome">;

/** A later record takes the place of an earlier one, save that nobody's not knowing takes that of a known outcome. */
export function replaces(later: Outcome, earlier: Outcome): boolean {
  return later.outcome !== "unknown" || earlier.outcome === "unknown";
}
