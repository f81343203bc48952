import { statSync } from "node:fs";
import { openEnvironment } from "../client/environment.js";
import { createError } from "../errors/error-classes.js";
import { jsonlLedger } from "../ledger/jsonl-ledger.js";
import type { Ledger } from "../ledger/ledger.js";
import { postgresLedger } from "../ledger/postgres-ledger.js";
import type { PostgresPool } from "../ledger/postgres-pool.js";
import { sqliteLedger } from "../ledger/sqlite-ledger.js";
import { UsageMistake } from "./flags.js";
import type { Terminal } from "./terminal.js";

/** A ledger to be read, and how to let go of it. */
export interface OpenedLedger {
  ledger: Required<Pick<Ledger, "records" | "orphans">>;
  close(): Promise<void>;
}

type Pool = PostgresPool & { end(): Promise<void>; on(event: "error", listener: () => void): unknown };

/** Opens the ledger that is named, else the one of SIGNALBOX_LEDGER, by what its name looks like. */
export async function openLedger(
  named: string | undefined,
  table: string | undefined,
  { env, loadPostgres }: Pick<Terminal, "env" | "loadPostgres">,
): Promise<OpenedLedger> {
  const place = named ?? openEnvironment(env).read("SIGNALBOX_LEDGER")?.value;
  if (place === undefined || place === "")
    throw new UsageMistake("spend takes a ledger: --ledger, or the variable SIGNALBOX_LEDGER");
  if (/^postgres(ql)?:\/\//i.test(place)) return openPostgres(place, table, loadPostgres);
  if (table !== undefined) throw new UsageMistake("--table is for ledgers in PostgreSQL");
  const open = /\.jsonl$/i.test(place) ? jsonlLedger : /\.(db|sqlite|sqlite3)$/i.test(place) ? sqliteLedger : undefined;
  if (open === undefined)
    throw new UsageMistake(
      `a ledger is a file *.jsonl, *.db or *.sqlite, or a postgres:// address, not "${shown(place)}"`,
    );
  const size = statSync(place, { throwIfNoEntry: false })?.size;
  // An empty file would become a database only now.
  if (size === undefined || (size === 0 && open === sqliteLedger))
    throw createError("invalid_config", `there is no ledger at ${shown(place)}`);
  const ledger = open(place);
  return { ledger, close: () => ledger.close() };
}

/** An address may hold a password. */
export const shown = (place: string) => place.replace(/:\/\/.*/s, "://…");

async function openPostgres(
  url: string,
  table: string | undefined,
  load: Terminal["loadPostgres"],
): Promise<OpenedLedger> {
  let found: { Pool: new (options: object) => Pool };
  try {
    found = (await load()) as typeof found;
  } catch (cause) {
    throw createError("invalid_config", "a ledger in PostgreSQL is read through pg, which is not installed here", {
      hint: "npm install pg",
      cause,
    });
  }
  const pool = new found.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 });
  // What breaks a connection breaks the question that is asked over it, and is told there.
  pool.on("error", () => {});
  return { ledger: postgresLedger(pool, { table }), close: () => pool.end() };
}
