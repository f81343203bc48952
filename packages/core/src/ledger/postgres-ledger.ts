import { createError } from "../errors/error-classes.js";
import { pause } from "../http/pause.js";
import { recordOf } from "../usage/wire-number.js";
import type { DurableLedger } from "./durable-ledger.js";
import { EntryBatches } from "./entry-batches.js";
import { folded, type Held, idOf, type LedgerEntry } from "./fold-entries.js";
import type { LedgerRecord } from "./ledger.js";
import { COLUMNS, rowToRecord, valuesOf } from "./ledger-columns.js";
import { type LedgerOptions, ledgerOptions, refuseNoTime } from "./ledger-options.js";
import { plainIntent, plainRecord } from "./plain-record.js";
import { type PostgresPool, postgresCode } from "./postgres-pool.js";
import { makeTable, postgresStatements } from "./postgres-table.js";
import { isGone } from "./process-identity.js";
import { boundsOf } from "./record-range.js";

export interface PostgresLedgerOptions extends LedgerOptions {
  /** Its name, or `schema.name`. @default "signalbox_ledger" */
  table?: string | undefined;
  /** For so long a request waits for its intent to be written, milliseconds; then it is refused, unsent. @default 5_000 */
  timeoutMs?: number | undefined;
  /** For so long a record is written again where the database is away, milliseconds. @default 60_000 */
  retryMs?: number | undefined;
}

/** PostgreSQL's code for it. */
const NO_TABLE = "42P01";
const PAGE = 1_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** What a database that is away is to be told later is held in memory, up to so many records. */
const MOST_HELD = 10_000;

/**
 * Keeps requests in a table of PostgreSQL, one row each, through your own pool. The table is made where there is none;
 * where the role may not make it, make it in your migrations from {@link postgresLedgerTable}. Amounts are `numeric`:
 * `sum(usd)` is exact. What comes while a batch is under way is the next batch, one statement each.
 *
 * Where the database is away, requests are refused before they are sent; records of requests that were sent are held
 * in memory and written again for `retryMs`. What is lost after that, or with the process, is found as an orphan.
 *
 * Throws: `invalid_config` for a table that is no name, a time that is none and an option that is unknown. `close()` writes what is held, once more at most, and leaves the
 * pool open: it is yours.
 */
export function postgresLedger(pool: PostgresPool, options: PostgresLedgerOptions = {}): DurableLedger {
  const { table = DEFAULT_TABLE, timeoutMs = 5_000, retryMs = 60_000, ...shared } = options;
  const { staleMs, clock } = ledgerOptions("postgresLedger()", shared, ["table", "timeoutMs", "retryMs"]);
  refuseNoTime({ timeoutMs, retryMs });
  const sql = postgresStatements(table);
  let making: Promise<void> | undefined;
  const made = () => {
    making ??= makeTable(pool, sql).catch((error) => {
      making = undefined;
      throw error;
    });
    return making;
  };

  /** A pool may wait for a connection for ever. */
  const bounded = async <T>(work: Promise<T>): Promise<T> => {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = clock.after(
      timeoutMs,
      () => reject(createError("provider_error", `the ledger's database has not answered in ${timeoutMs} ms`)),
      { hold: true },
    );
    try {
      return await Promise.race([work, promise]);
    } finally {
      timer.clear();
    }
  };
  const write = async (batch: readonly LedgerEntry[]): Promise<void> => {
    const { rows, notes } = statementsOf(batch);
    try {
      await made();
      if (rows.length > 0) await pool.query(sql.write, [JSON.stringify(rows)]);
      if (notes.length > 0) await pool.query(sql.note, [JSON.stringify(notes)]);
    } catch (error) {
      // Somebody has taken the table away: the next batch makes it again.
      if (postgresCode(error) === NO_TABLE) making = undefined;
      throw error;
    }
  };
  const batches = new EntryBatches((batch) => bounded(write(batch)), isRefused);

  /** Who reads makes no table: where there is none there is nothing. */
  const read = async (text: string, values?: unknown[]): Promise<unknown[]> => {
    try {
      return (await pool.query(text, values)).rows;
    } catch (error) {
      if (postgresCode(error) === NO_TABLE) return [];
      throw error;
    }
  };

  let held = 0;
  const closing = new AbortController();
  const keeping = new Set<Promise<void>>();
  /** Again and again, until it is written, cannot be, or the time for it is over. */
  const keep = async (entry: LedgerEntry): Promise<void> => {
    const until = clock.now() + retryMs;
    for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_PAUSE_MS)) {
      const isLast = closing.signal.aborted || clock.now() >= until;
      try {
        return await batches.add(entry);
      } catch (error) {
        if (isLast || isRefused(error) || held >= MOST_HELD) throw error;
      }
      held += 1;
      // Whoever closes the ledger ends the wait, not the trying. A process that has nothing else to do may end.
      await pause(waitMs, clock, closing.signal, false).catch(() => {});
      held -= 1;
    }
  };
  const kept = (entry: LedgerEntry): Promise<void> => {
    const work = keep(entry).finally(() => keeping.delete(work));
    keeping.add(work);
    return work;
  };

  return {
    begin: (intent) => batches.add({ kind: "intent", value: plainIntent(intent) }),
    note: (id, generationId) => batches.add({ kind: "note", id, generationId }),
    finish: (record) => kept({ kind: "record", value: plainRecord(record) }),
    async orphans() {
      const now = clock.date();
      const rows = await read(sql.open);
      return rows.map((row) => plainIntent(readRow(row))).filter((intent) => isGone(intent, now, staleMs));
    },
    async *records(range) {
      const bounds = boundsOf(range);
      let last: [number, string] = [bounds[0] - 1, ""];
      for (;;) {
        const rows = await read(sql.page, [...bounds, ...last, PAGE]);
        const records = rows.map(readRow);
        yield* records;
        const end = records.at(-1);
        if (end === undefined || records.length < PAGE) return;
        last = [end.endedAt, end.id];
      }
    },
    async close() {
      closing.abort();
      await Promise.allSettled(keeping);
      await batches.settled();
    },
  };
}

const DEFAULT_TABLE = "signalbox_ledger";

/** The statements that make a ledger's table and its indexes, for your own migrations; each may be run again. */
export function postgresLedgerTable(table: string = DEFAULT_TABLE): string[] {
  return postgresStatements(table).make;
}

/** The database has understood, and does not want it: it will not want it later either. */
function isRefused(error: unknown): boolean {
  const code = postgresCode(error) ?? "";
  return code !== NO_TABLE && ["22", "23", "42"].includes(code.slice(0, 2));
}

/** One row and one note an id: a statement may not touch a row twice. In one order, so that no two wait for each other. */
function statementsOf(batch: readonly LedgerEntry[]) {
  const held = new Map<string, Held>();
  const notes = new Map<string, { id: string; generation_id: string }>();
  for (const entry of batch) {
    const id = idOf(entry);
    const now = folded(held.get(id), entry);
    if (now !== undefined) held.set(id, now);
    else if (entry.kind === "note") notes.set(id, { id, generation_id: entry.generationId });
  }
  const byId = <T extends { id: unknown }>(a: T, b: T) => (String(a.id) < String(b.id) ? -1 : 1);
  const rows = [...held.values()].map(({ value }) => {
    const values = valuesOf(value);
    return {
      id: value.id,
      ...Object.fromEntries(COLUMNS.map((column, at) => [column.name, asJson(column, values[at])])),
    };
  });
  return { rows: rows.sort(byId), notes: [...notes.values()].filter(({ id }) => !held.has(id)).sort(byId) };
}

function asJson({ kind }: (typeof COLUMNS)[number], value: string | number | null | undefined): unknown {
  if (kind === "flag") return value === null ? null : value === 1;
  return kind === "texts" && typeof value === "string" ? JSON.parse(value) : value;
}

function readRow(row: unknown): LedgerRecord {
  const fields = recordOf(JSON.parse(String(recordOf(row)?.row))) ?? {};
  return rowToRecord({
    ...fields,
    ...(fields.metadata !== undefined && { metadata: JSON.stringify(fields.metadata) }),
  });
}
