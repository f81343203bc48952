import type { DatabaseSync } from "node:sqlite";
import { COLUMNS, isRequired } from "./ledger-columns.js";
import type { FieldKind } from "./ledger-fields.js";
import { loadSqlite } from "./load-sqlite.js";

/** "SBLG" */
const APPLICATION = 0x53424c47;
/** How long SQLite itself waits for another writer, in which this process does nothing else. */
const BUSY_MS = 25;

const TYPES: Readonly<Record<FieldKind, string>> = {
  text: "TEXT",
  // SQLite has no decimals: as text an amount keeps every digit.
  usd: "TEXT",
  time: "INTEGER",
  count: "INTEGER",
  number: "REAL",
  flag: "INTEGER",
  texts: "TEXT",
};

const TABLE = COLUMNS.map((column) => {
  const primary = column.field === "id" ? " PRIMARY KEY" : "";
  return `${column.name} ${TYPES[column.kind]}${isRequired(column) ? " NOT NULL" : ""}${primary}`;
});

/** Each entry leads from the version that is its index to the next one. */
const MIGRATIONS = [
  `CREATE TABLE requests (${TABLE.join(", ")}) STRICT, WITHOUT ROWID;
  CREATE INDEX requests_ended ON requests (ended_at, id) WHERE ended_at IS NOT NULL;
  CREATE INDEX requests_open ON requests (started_at) WHERE ended_at IS NULL;`,
];

/**
 * Opens a ledger's database, made where there is none: the file for its owner alone. Throws SQLite's own error where
 * another process is at it just now, and one that says so where the file is another's.
 */
export function openLedgerDatabase(path: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  if (path !== ":memory:") {
    const { closeSync, openSync } = process.getBuiltinModule("node:fs");
    // SQLite's own files beside it take over its mode.
    closeSync(openSync(path, "a", 0o600));
  }
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    if (pragma(database, "application_id") !== APPLICATION) claim(database);
    const version = versionOf(database);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    // Who only reads does not wait for a writer.
    if (version < MIGRATIONS.length) inTransaction(database, () => migrate(database));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A new file becomes a ledger; several processes may be at it at once. */
function claim(database: DatabaseSync): void {
  inTransaction(database, () => {
    const id = pragma(database, "application_id");
    if (id === APPLICATION) return;
    const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get();
    if (id !== 0 || tables?.count !== 0) throw new Error("the file is a database, and not one of sqliteLedger()");
    database.exec(`PRAGMA application_id = ${APPLICATION}`);
  });
}

function migrate(database: DatabaseSync): void {
  for (const change of MIGRATIONS.slice(versionOf(database))) database.exec(change);
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}

function versionOf(database: DatabaseSync): number {
  const version = pragma(database, "user_version");
  if (version > MIGRATIONS.length) throw new Error("a newer version of @signalbox/core wrote the ledger");
  return version;
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}

/** Does `work` wholly or not at all, with no other writer in between. */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    // Some failures have ended the transaction by themselves.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** Another process is writing: the same may work in a moment. */
export function isBusy(error: unknown): boolean {
  return [5, 6].includes(resultCode(error));
}

/** A row is too large, breaks a rule of the table or is of another type: it is not wanted, whatever else is. */
export function isRefused(error: unknown): boolean {
  return [18, 19, 20].includes(resultCode(error));
}

/** SQLite's own, without what it says more precisely. */
function resultCode(error: unknown): number {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
}
