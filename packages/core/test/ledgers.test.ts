import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, onTestFinished } from "vitest";
import {
  hookLedger,
  jsonlLedger,
  type Ledger,
  type LedgerOptions,
  memoryLedger,
  postgresLedger,
  sqliteLedger,
} from "../src/ledger/index.js";
import { ledgerContract } from "./ledger-contract.js";
import { ManualClock } from "./manual-clock.js";
import { hasPostgres, type PostgresServer, startPostgres } from "./postgres-server.js";

function timed() {
  const clock = new ManualClock();
  return { clock, now: () => clock.date(), advance: (ms: number) => clock.advance(ms) };
}

ledgerContract("memoryLedger()", () => {
  const { clock, ...time } = timed();
  return { ledger: memoryLedger({ clock }), ...time };
});

ledgerContract("hookLedger()", hooked, { keepsIntents: false });

function hooked() {
  const { clock, ...time } = timed();
  const kept = memoryLedger({ clock });
  const told: unknown[] = [];
  const ledger = hookLedger({
    begin: (intent) => {
      told.push(intent);
      return kept.begin(intent);
    },
    finish(record) {
      told.push(record);
      return kept.finish(record);
    },
  });
  return { ledger, reader: kept, written: async () => JSON.stringify(told), ...time };
}

function inFolder(open: (path: string, options: LedgerOptions) => Ledger) {
  const { clock, ...time } = timed();
  const folder = mkdtempSync(join(tmpdir(), "signalbox-ledger-"));
  const path = join(folder, "usage");
  const [ledger, peer] = [open(path, { clock }), open(path, { clock })];
  onTestFinished(async () => {
    await ledger.close?.();
    await peer.close?.();
    rmSync(folder, { recursive: true });
  });
  const written = async () =>
    readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "latin1"))
      .join("");
  return { ledger, peer, written, ...time };
}

ledgerContract("jsonlLedger()", () => inFolder(jsonlLedger));
ledgerContract("sqliteLedger()", () => inFolder(sqliteLedger));

describe.skipIf(!hasPostgres)("with PostgreSQL", () => {
  let server: PostgresServer;
  let tables = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  ledgerContract("postgresLedger()", () => {
    const { clock, ...time } = timed();
    const table = `ledger_${++tables}`;
    const pools = [0, 1].map(() => new Pool({ connectionString: server.url }));
    onTestFinished(async () => {
      await Promise.all(pools.map((pool) => pool.end()));
    });
    const [ledger, peer] = pools.map((pool) => postgresLedger(pool, { table, clock })) as [Ledger, Ledger];
    const written = async () => {
      const { rows } = (await pools[0]?.query(`SELECT * FROM ${table}`)) ?? { rows: [] };
      return JSON.stringify(rows);
    };
    return { ledger, peer, written, ...time };
  });
});
