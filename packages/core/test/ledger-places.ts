import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import { onTestFinished } from "vitest";
import { jsonlLedger, postgresLedger, sqliteLedger } from "../src/ledger/index.js";
import type { LedgerLoad } from "./ledger-load.js";
import { startPostgres } from "./postgres-server.js";

type Place = Omit<LedgerLoad, "calls">;

/** A ledger of each kind that outlives its process, for the length of the test. */
export const ledgerPlaces = {
  jsonl: async (): Promise<Place> => inFolder("jsonl", "usage.jsonl", jsonlLedger),
  sqlite: async (): Promise<Place> => inFolder("sqlite", "usage.db", sqliteLedger),
  async postgres(): Promise<Place> {
    const server = await startPostgres();
    const pool = new Pool({ connectionString: server.url });
    onTestFinished(async () => {
      await pool.end();
      await server.stop();
    });
    return { kind: "postgres", place: server.url, ledger: postgresLedger(pool) };
  },
};

function inFolder(kind: "jsonl" | "sqlite", name: string, open: typeof sqliteLedger): Place {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-ledger-"));
  const place = join(folder, name);
  const ledger = open(place);
  onTestFinished(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true });
  });
  return { kind, place, ledger };
}
