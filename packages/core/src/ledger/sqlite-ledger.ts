import type { DatabaseSync, StatementSync } from "node:sqlite";
import { pause } from "../http/pause.js";
import type { DurableLedger } from "./durable-ledger.js";
import { EntryBatches } from "./entry-batches.js";
import type { LedgerEntry } from "./fold-entries.js";
import { COLUMNS, rowToRecord, valuesOf } from "./ledger-columns.js";
import { type LedgerOptions, ledgerOptions, ledgerPath } from "./ledger-options.js";
import { plainIntent, plainRecord } from "./plain-record.js";
import { isGone } from "./process-identity.js";
import { boundsOf } from "./record-range.js";
import { inTransaction, isBusy, isRefused, openLedgerDatabase } from "./sqlite-database.js";

/** Others write for a millisecond at a time; one that holds the file for longer is stuck, or a person's shell. */
const PATIENCE_MS = 10_000;
const PAGE = 500;

const NAMES = COLUMNS.map(({ name }) => name);
const INSERT = `INSERT INTO requests (${NAMES.join(", ")}) VALUES (${NAMES.map(() => "?").join(", ")})`;
const REPLACED = NAMES.slice(1).map((name) => `${name} = excluded.${name}`);

const SQL = {
  intent: `${INSERT} ON CONFLICT (id) DO NOTHING`,
  note: "UPDATE requests SET generation_id = ? WHERE id = ? AND ended_at IS NULL",
  record: `${INSERT} ON CONFLICT (id) DO UPDATE SET ${REPLACED.join(", ")}
    WHERE excluded.outcome <> 'unknown' OR requests.outcome IS NULL OR requests.outcome = 'unknown'`,
  open: "SELECT * FROM requests WHERE ended_at IS NULL ORDER BY started_at",
  page: `SELECT * FROM requests WHERE ended_at >= ? AND ended_at < ? AND (ended_at, id) > (?, ?)
    ORDER BY ended_at, id LIMIT ${PAGE}`,
} as const;

/**
 * Keeps requests in an SQLite database by Node's own `node:sqlite`: one row each, in the table `requests`. Several
 * processes of one machine may use the file at once. It is made where there is none, for its owner alone; its folder
 * has to be there. What comes in one turn of the event loop is one transaction. A row that is written outlives the
 * process, not a loss of power. Amounts are decimal texts that keep every digit: SQLite's `sum()` would round them.
 *
 * Throws: `invalid_config` for an empty path. Its promises reject where the file cannot be opened or is something else,
 * where this Node has no `node:sqlite` (before 22.13), and where another process holds the file for longer than 10 s.
 */
export function sqliteLedger(path: string, options?: LedgerOptions): DurableLedger {
  const { staleMs, clock } = ledgerOptions("sqliteLedger()", options);
  const file = new LedgerFile(ledgerPath(path));

  /** Done again while another process is writing; meanwhile this one goes on with everything else. */
  const whenFree = async <T>(work: () => T): Promise<T> => {
    const until = clock.now() + PATIENCE_MS;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || clock.now() > until) throw error;
      }
      await pause(5 + 20 * clock.random(), clock);
    }
  };
  const batches = new EntryBatches((batch) => whenFree(() => file.write(batch)), isRefused);

  return {
    begin: (intent) => batches.add({ kind: "intent", value: plainIntent(intent) }),
    note: (id, generationId) => batches.add({ kind: "note", id, generationId }),
    finish: (record) => batches.add({ kind: "record", value: plainRecord(record) }),
    async orphans() {
      const now = clock.date();
      const open = await whenFree(() => file.all("open"));
      return open.map((row) => plainIntent(rowToRecord(row))).filter((intent) => isGone(intent, now, staleMs));
    },
    async *records(range) {
      const bounds = boundsOf(range);
      let last: [number, string] = [Number.MIN_SAFE_INTEGER, ""];
      for (;;) {
        const rows = await whenFree(() => file.all("page", ...bounds, ...last));
        const records = rows.map(rowToRecord);
        yield* records;
        const end = records.at(-1);
        if (end === undefined || records.length < PAGE) return;
        last = [end.endedAt, end.id];
      }
    },
    async close() {
      await batches.settled();
      file.close();
    },
  };
}

/** The database, opened when it is first needed. */
class LedgerFile {
  readonly #path: string;
  #database: DatabaseSync | undefined;
  #statements = new Map<keyof typeof SQL, StatementSync>();

  constructor(path: string) {
    this.#path = path;
  }

  write(batch: readonly LedgerEntry[]): void {
    inTransaction(this.#open(), () => {
      for (const entry of batch) {
        if (entry.kind === "note") this.#statement("note").run(entry.generationId, entry.id);
        else this.#statement(entry.kind).run(...valuesOf(entry.value));
      }
    });
  }

  all(name: "open" | "page", ...values: (string | number)[]): Record<string, unknown>[] {
    return this.#statement(name).all(...values);
  }

  close(): void {
    this.#statements.clear();
    this.#database?.close();
    this.#database = undefined;
  }

  #open(): DatabaseSync {
    this.#database ??= openLedgerDatabase(this.#path);
    return this.#database;
  }

  #statement(name: keyof typeof SQL): StatementSync {
    const known = this.#statements.get(name);
    if (known !== undefined) return known;
    const made = this.#open().prepare(SQL[name]);
    this.#statements.set(name, made);
    return made;
  }
}
