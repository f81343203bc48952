import { Pool } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { type LedgerIntent, postgresLedger } from "../src/ledger/index.js";
import { hasPostgres, startPostgres } from "./postgres-server.js";

const intentOf = (id: string): LedgerIntent => ({
  id,
  startedAt: 1_000,
  process: "test:1:1",
  operation: "chat",
  provider: "openrouter",
  model: "openai/gpt-4o-mini",
  key: "0123456789abcdef",
});

describe.skipIf(!hasPostgres)("a ledger in PostgreSQL", () => {
  test("without its database a request is refused, and what was sent is written once it is back", async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const pool = new Pool({ connectionString: server.url });
    // The pool's idle connections break with the server.
    pool.on("error", () => {});
    onTestFinished(() => pool.end());
    const ledger = postgresLedger(pool);
    const sent = intentOf("sent");
    await ledger.begin(sent);

    await server.kill();
    await expect(ledger.begin(intentOf("refused"))).rejects.toThrow();
    const record = {
      ...sent,
      outcome: "answered" as const,
      endedAt: 2_000,
      latencyMs: 1_000,
      attempts: 1,
      usd: 0.00004,
    };
    let isWritten = false;
    const finished = ledger.finish(record).then(() => {
      isWritten = true;
    });
    // Refused again: the record waits behind it.
    await expect(ledger.begin(intentOf("refused too"))).rejects.toThrow();
    expect(isWritten).toBe(false);

    await server.start();
    await finished;
    const records = await Array.fromAsync(ledger.records());
    expect(records).toEqual([record]);
    expect(await ledger.orphans()).toEqual([]);
    await ledger.close();
  });
});
