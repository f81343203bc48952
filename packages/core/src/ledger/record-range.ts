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

type Ended = Pick<LedgerRecord, "id" | "endedAt">;

export function isInRange({ endedAt }: Ended, [from, to]: ReturnType<typeof boundsOf>): boolean {
  return endedAt >= from && endedAt < to;
}

/** Oldest first; those of one millisecond by id, so that every ledger gives the same order. */
export function byEnd(a: Ended, b: Ended): number {
  return a.endedAt - b.endedAt || (a.id < b.id ? -1 : 1);
}
