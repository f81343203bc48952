import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { jsonlLedger, type Ledger, postgresLedger, sqliteLedger } from "../src/ledger/index.js";
import { intentOf, recordOf } from "./ledger-contract.js";
import { hasPostgres, startPostgres } from "./postgres-server.js";
import { signalbox } from "./run-signalbox.js";

const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 10, 1);

/** Two users, three models, three days; an estimate, an unknown, a refusal, and one that nobody has settled. */
async function fill(ledger: Ledger) {
  const on = (day: number, more: object) => intentOf({ startedAt: FIRST + day * DAY, ...more });
  const haiku = { model: "anthropic/claude-3-haiku" };
  const mini = { model: "openai/gpt-4o-mini" };
  const [ann, bob] = [{ user: "ann" }, { user: "bob" }];
  const tokens = { promptTokens: 6_000, completionTokens: 20 };
  await ledger.finish(recordOf(on(0, { ...haiku, ...ann }), { usd: 0.1, ...tokens }));
  await ledger.finish(recordOf(on(0, { ...haiku, ...ann }), { usd: 0.2, ...tokens }));
  await ledger.finish(recordOf(on(1, { ...mini, ...bob }), { usd: 0.000000000001, source: "estimate" }));
  await ledger.finish(recordOf(on(2, { ...mini }), { outcome: "unknown", usd: 0.05, source: "worst_case" }));
  await ledger.finish(
    recordOf(on(2, { ...mini, ...bob }), { outcome: "refused", attempts: 0, usd: 0, source: undefined }),
  );
  await ledger.begin(on(2, { ...mini, process: "elsewhere:1:0" }));
}

function place(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-spend-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, name);
}

async function filled(open: (path: string) => Required<Ledger>, name: string): Promise<string> {
  const path = place(name);
  const ledger = open(path);
  await fill(ledger);
  await ledger.close();
  return path;
}

const BY_MODEL = [
  "model\tcalls\trefused\tprompt\tcompletion\tUSD\testimated\tunknown",
  "anthropic/claude-3-haiku\t2\t0\t12K\t40\t$0.3\t-\t-",
  "openai/gpt-4o-mini\t2\t1\t0\t0\t$0.050000000001\t1 ($0.000000000001)\t1 ($0.05)",
  "total\t4\t1\t12K\t40\t$0.350000000001\t1 ($0.000000000001)\t1 ($0.05)",
  "",
].join("\n");
const OPEN = "1 request of a process that is gone is not settled yet; the next client with this ledger does it.\n";

describe("signalbox spend", () => {
  test("adds up by model, dearest first, to the last digit, from a file of lines", async () => {
    const path = await filled(jsonlLedger, "usage.jsonl");
    expect(await signalbox(["spend", "--ledger", path])).toEqual({ code: 0, stdout: BY_MODEL, stderr: OPEN });
  });

  test("reads the ledger that SIGNALBOX_LEDGER names, an SQLite file too", async () => {
    const path = await filled(sqliteLedger, "usage.db");
    expect(await signalbox(["spend"], { env: { SIGNALBOX_LEDGER: path } })).toEqual({
      code: 0,
      stdout: BY_MODEL,
      stderr: OPEN,
    });
  });

  test("by user, whoever is not named as a dash, and by day, in their order", async () => {
    const path = await filled(jsonlLedger, "usage.jsonl");
    const cells = async (by: string) => {
      const { stdout } = await signalbox(["spend", "--ledger", path, "--by", by]);
      return stdout.split("\n").map((line) => [line.split("\t")[0], line.split("\t")[5]]);
    };
    expect((await cells("user")).slice(1, 4)).toEqual([
      ["ann", "$0.3"],
      ["-", "$0.05"],
      ["bob", "$0.000000000001"],
    ]);
    expect((await cells("day")).slice(1, 4)).toEqual([
      ["2026-11-01", "$0.3"],
      ["2026-11-02", "$0.000000000001"],
      ["2026-11-03", "$0.05"],
    ]);
  });

  test("of a range of days, the last one included, or of times", async () => {
    const path = await filled(jsonlLedger, "usage.jsonl");
    const total = async (...range: string[]) => {
      const { stdout } = await signalbox(["spend", "--ledger", path, "--json", ...range]);
      return (JSON.parse(stdout) as { total: { usd: string } }).total.usd;
    };
    expect(await total("--from", "2026-11-02", "--to", "2026-11-03")).toBe("0.050000000001");
    expect(await total("--to", "2026-11-01")).toBe("0.3");
    expect(await total("--from", "2026-11-02T00:00:00.501Z", "--to", "2026-11-03T09:00+09:00")).toBe("0");
  });

  test("--json has amounts as decimal texts", async () => {
    const path = await filled(jsonlLedger, "usage.jsonl");
    const { stdout } = await signalbox(["spend", "--ledger", path, "--by", "user", "--json"]);
    const { rows, total, open } = JSON.parse(stdout) as { rows: object[]; total: object; open: number };
    expect(rows[1]).toEqual({
      user: null,
      calls: 1,
      refused: 0,
      promptTokens: 0,
      completionTokens: 0,
      usd: "0.05",
      estimatedCalls: 0,
      estimatedUsd: "0",
      unknownCalls: 1,
      unknownUsd: "0.05",
    });
    expect(total).toMatchObject({ calls: 4, refused: 1, usd: "0.350000000001" });
    expect(open).toBe(1);
  });

  test("exits 1 where nothing has ended in the time", async () => {
    const path = await filled(jsonlLedger, "usage.jsonl");
    const { code, stdout, stderr } = await signalbox(["spend", "--ledger", path, "--from", "2027-01-01"]);
    expect([code, stdout, stderr]).toEqual([1, "", `No request has ended in this time.\n${OPEN}`]);
  });

  test("a ledger that is not there is not made", async () => {
    const path = place("none.db");
    const { code, stderr } = await signalbox(["spend", "--ledger", path]);
    expect([code, stderr]).toEqual([1, `invalid_config: there is no ledger at ${path}\n`]);
    expect(existsSync(path)).toBe(false);
  });

  test("an empty file does not become a database by being looked at", async () => {
    const path = place("empty.db");
    writeFileSync(path, "");
    const { code, stderr } = await signalbox(["spend", "--ledger", path]);
    expect([code, stderr]).toEqual([1, `invalid_config: there is no ledger at ${path}\n`]);
    expect(statSync(path).size).toBe(0);
    const lines = place("empty.jsonl");
    writeFileSync(lines, "");
    expect((await signalbox(["spend", "--ledger", lines])).stderr).toBe("No request has ended in this time.\n");
  });

  test.each([
    [["postgres://u:secret@h/x"]],
    [["--ledger", "mysql://u:secret@h/x"]],
    [["--ledger", "p://u:secret@h/x.db"]],
  ])("an address in the wrong place is told without its password: %j", async (args) => {
    const { code, stderr } = await signalbox(["spend", ...args]);
    expect(stderr).toContain("://…");
    expect(stderr).not.toContain("secret");
    expect(code).toBeGreaterThan(0);
  });

  test("a file that is no ledger is told in words", async () => {
    const path = place("notes.db");
    writeFileSync(path, "these are notes, and no database: ".repeat(100));
    const { code, stderr } = await signalbox(["spend", "--ledger", path]);
    expect([code, stderr]).toEqual([1, "invalid_config: the ledger cannot be read: file is not a database\n"]);
  });

  test.each([
    [[], "spend takes a ledger: --ledger, or the variable SIGNALBOX_LEDGER"],
    [["usage.db"], 'spend takes no "usage.db"; the ledger is --ledger'],
    [["--ledger", "usage.csv"], 'not "usage.csv"'],
    [["--ledger", "usage.db", "--table", "x"], "--table is for ledgers in PostgreSQL"],
    [["--ledger", "u.db", "--by", "month"], "--by takes user, model, day"],
    [["--ledger", "u.db", "--from", "yesterday"], "--from takes a day as 2026-11-23"],
    [["--ledger", "u.db", "--to", "2026-02-30"], "--to takes a day"],
    [["--ledger", "u.db", "--to", "2026-02-30T00:00Z"], "--to takes a day"],
    [["--ledger", "u.db", "--from", "2026-11-02", "--to", "2026-11-01"], "--from comes before --to"],
  ])("wrong usage %j exits 2", async (args, message) => {
    const { code, stderr } = await signalbox(["spend", ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test("PostgreSQL needs pg, and says how to get it", async () => {
    const missing = () => Promise.reject(new Error("Cannot find module 'pg'"));
    const { code, stderr } = await signalbox(["spend", "--ledger", "postgres://u:pass@127.0.0.1:1/x"], {
      loadPostgres: missing,
    });
    expect([code, stderr]).toEqual([
      1,
      "invalid_config: a ledger in PostgreSQL is read through pg, which is not installed here\n  npm install pg\n",
    ]);
  });

  test("a database that does not answer is told without its password", async () => {
    const { code, stderr } = await signalbox(["spend", "--ledger", "postgres://u:secret@127.0.0.1:1/x"]);
    expect(stderr).toContain("the ledger cannot be read: connect ECONNREFUSED 127.0.0.1:1");
    expect(stderr).not.toContain("secret");
    expect(code).toBe(1);
  });

  test.skipIf(!hasPostgres)("reads a table of PostgreSQL, and makes none", async () => {
    const server = await startPostgres();
    const pool = new Pool({ connectionString: server.url });
    onTestFinished(async () => {
      await pool.end();
      await server.stop();
    });
    const nothing = await signalbox(["spend", "--ledger", server.url]);
    expect([nothing.code, nothing.stderr]).toEqual([1, "No request has ended in this time.\n"]);
    expect((await pool.query("SELECT to_regclass('signalbox_ledger') AS name")).rows).toEqual([{ name: null }]);
    await fill(postgresLedger(pool, { table: "usage" }));
    const args = ["spend", "--ledger", server.url, "--table", "usage"];
    expect(await signalbox(args)).toEqual({ code: 0, stdout: BY_MODEL, stderr: OPEN });
  });
});
