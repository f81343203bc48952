import { recordOf } from "../usage/wire-number.js";
import { folded, idOf, type LedgerEntry, replaces } from "./fold-entries.js";
import type { LedgerIntent, LedgerOutcome, LedgerRecord } from "./ledger.js";
import { plainIntent, plainRecord } from "./plain-record.js";
import { boundsOf, byEnd, isInRange, type RecordRange } from "./record-range.js";

type Lines = AsyncIterable<string>;

/** How every line begins. No text within a line has these quotes unescaped, and metadata holds no number. */
const START = '{"ledger":1,';

/** One entry as a line, its line end included. */
export function lineOf(entry: LedgerEntry): string {
  const value = entry.kind === "note" ? { id: entry.id, generationId: entry.generationId } : entry.value;
  return `${START}"is":"${entry.kind}",${JSON.stringify(value).slice(1)}\n`;
}

/**
 * Reads one line. Of a line that a broken write has left half of, with another's whole line behind it, the whole one
 * counts; undefined for anything else.
 */
export function readLine(line: string): LedgerEntry | undefined {
  const start = line.lastIndexOf(START);
  if (start < 0) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line.slice(start));
  } catch {
    // Torn: whoever wrote it had not been told that it is kept.
    return undefined;
  }
  const fields = recordOf(parsed) ?? {};
  const { is, id, generationId } = fields;
  if (typeof id !== "string") return undefined;
  if (is === "note") return typeof generationId === "string" ? { kind: is, id, generationId } : undefined;
  if (is === "intent") return { kind: is, value: plainIntent(fields as unknown as LedgerIntent) };
  return is === "record" ? { kind: is, value: plainRecord(fields as unknown as LedgerRecord) } : undefined;
}

async function* readLines(lines: Lines): AsyncGenerator<LedgerEntry> {
  for await (const line of lines) {
    const entry = readLine(line);
    if (entry !== undefined) yield entry;
  }
}

/**
 * The intents that have no record, of those that are wanted. Every process asks for them again and again: nothing is
 * held of requests that are over, and where there are such intents the lines are read twice.
 */
export async function openIntents(
  lines: () => Lines,
  isWanted: (intent: LedgerIntent) => boolean,
): Promise<LedgerIntent[]> {
  const open = new Map<string, LedgerIntent>();
  for await (const entry of readLines(lines())) {
    const id = idOf(entry);
    const held = open.get(id);
    const now = folded(held && { kind: "intent", value: held }, entry);
    if (now?.kind === "intent") open.set(id, now.value);
    else open.delete(id);
  }
  for (const [id, intent] of open) if (!isWanted(intent)) open.delete(id);
  if (open.size === 0) return [];
  // One that stands behind its record, as after a write that was made again, is open no more.
  for await (const entry of readLines(lines())) if (entry.kind === "record") open.delete(entry.value.id);
  return [...open.values()];
}

interface HeldRecord {
  id: string;
  endedAt: number;
  outcome: LedgerOutcome;
  /** As an object it would take five times the memory. Empty out of the range, where only the outcome counts. */
  text: string;
}

/** The records of the range, oldest first, one an id. */
export async function* recordsOfLines(lines: Lines, range?: RecordRange): AsyncGenerator<LedgerRecord> {
  const bounds = boundsOf(range);
  const held = new Map<string, HeldRecord>();
  for await (const entry of readLines(lines)) {
    if (entry.kind !== "record") continue;
    const { id, endedAt, outcome } = entry.value;
    const earlier = held.get(id);
    if (earlier !== undefined && !replaces(entry.value, earlier)) continue;
    const text = isInRange(entry.value, bounds) ? JSON.stringify(entry.value) : "";
    held.set(id, { id, endedAt, outcome, text });
  }
  const asked = [...held.values()].filter(({ text }) => text !== "");
  for (const { text } of asked.sort(byEnd)) yield JSON.parse(text) as LedgerRecord;
}
