import type { LedgerRecord } from "./ledger.js";

/** Which records are asked for, by when they ended: wall-clock milliseconds, `from` included, `to` not. */
export interface RecordRange {
  from?: number | undefined;
  to?: number | undefined;
}

/** The last date that JavaScript knows. Nothing ended before 1970. */
const LAST_MS = 8.64e15;

/** The range in whole milliseconds, which every database can take. */
export function boundsOf({ from = 0, to = LAST_MS }: RecordRange = {}): readonly [from: number, to: number] {
  const within = (ms: number) => Math.ceil(Math.min(Math.max(ms, 0), LAST_MS));
  return [within(from), within(to)];
}

/** The records of the range, oldest first; those of one millisecond by id, so that every ledger gives the same order. */
export function recordsInRange(records: Iterable<LedgerRecord>, range?: RecordRange): LedgerRecord[] {
  const [from, to] = boundsOf(range);
  return [...records]
    .filter(({ endedAt }) => endedAt >= from && endedAt < to)
    .sort((a, b) => a.endedAt - b.endedAt || (a.id < b.id ? -1 : 1));
}
