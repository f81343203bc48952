import { recordOf } from "../usage/wire-number.js";
import { folded, type Held, type LedgerEntry } from "./fold-entries.js";
import type { LedgerIntent, LedgerRecord } from "./ledger.js";
import { plainIntent, plainRecord } from "./plain-record.js";

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

/** What the lines come to, by id. */
export async function foldLines(lines: AsyncIterable<string>): Promise<Map<string, Held>> {
  const held = new Map<string, Held>();
  for await (const line of lines) {
    const entry = readLine(line);
    if (entry === undefined) continue;
    const id = entry.kind === "note" ? entry.id : entry.value.id;
    const now = folded(held.get(id), entry);
    if (now !== undefined) held.set(id, now);
  }
  return held;
}
