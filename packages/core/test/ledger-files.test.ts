import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { hookLedger, jsonlLedger, memoryLedger, postgresLedger, sqliteLedger } from "../src/ledger/index.js";
import { intentOf, recordOf, recordsOf } from "./ledger-contract.js";
import { ManualClock } from "./manual-clock.js";
import { sourceProcess } from "./source-process.js";

function fileCalled(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-ledger-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, name);
}

describe("sqliteLedger()", () => {
  test("keeps one row a request, amounts as exact texts, for the owner's eyes alone", async () => {
    const path = fileCalled("usage.db");
    const ledger = sqliteLedger(path);
    await ledger.finish(recordOf(intentOf(), { usd: 1e-7 }));
    await ledger.close();
    const database = new DatabaseSync(path, { readOnly: true });
    expect(database.prepare("SELECT usd, typeof(usd) AS type FROM requests").all()).toEqual([
      { usd: "0.0000001", type: "text" },
    ]);
    database.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["another program's database", "CREATE TABLE notes (text)", "not one of sqliteLedger()"],
    ["a ledger of a newer version", "PRAGMA application_id = 1396853831; PRAGMA user_version = 99", "a newer version"],
  ])("leaves %s alone", async (_, setup, message) => {
    const path = fileCalled("usage.db");
    const database = new DatabaseSync(path);
    database.exec(setup);
    database.close();
    const before = readFileSync(path);
    await expect(sqliteLedger(path).begin(intentOf())).rejects.toThrow(message);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("goes on where a crash has left the file half made", async () => {
    const path = fileCalled("usage.db");
    const database = new DatabaseSync(path);
    database.exec("PRAGMA application_id = 1396853831");
    database.close();
    const ledger = sqliteLedger(path);
    const record = recordOf(intentOf());
    await ledger.finish(record);
    expect(await recordsOf(ledger)).toEqual([record]);
    await ledger.close();
  });

  test("where the file cannot be made it rejects, and works once it can be", async () => {
    const path = join(fileCalled("later"), "usage.db");
    const ledger = sqliteLedger(path);
    await expect(ledger.begin(intentOf())).rejects.toThrow("ENOENT");
    await expect(recordsOf(ledger)).rejects.toThrow("ENOENT");
    mkdirSync(dirname(path));
    const record = recordOf(intentOf());
    await ledger.finish(record);
    expect(await recordsOf(ledger)).toEqual([record]);
    await ledger.close();
  });

  async function whileAnotherWrites() {
    const path = fileCalled("usage.db");
    const clock = new ManualClock();
    const ledger = sqliteLedger(path, { clock });
    await ledger.begin(intentOf());
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    return { ledger, clock, other };
  }

  test("waits for whoever holds the file, and goes on with everything else meanwhile", async () => {
    const { ledger, clock, other } = await whileAnotherWrites();
    const record = recordOf(intentOf());
    const finishing = ledger.finish(record);
    await clock.waiting(15);
    other.exec("COMMIT");
    other.close();
    clock.advance(15);
    await finishing;
    expect(await recordsOf(ledger)).toEqual([record]);
    await ledger.close();
  });

  test("waits for whoever holds the file, but not for ever", async () => {
    const { ledger, clock, other } = await whileAnotherWrites();
    const failed = expect(ledger.finish(recordOf(intentOf()))).rejects.toThrow("locked");
    await clock.waiting(15);
    clock.advance(10_001);
    await failed;
    other.close();
    await ledger.close();
  });

  test("who only reads does not wait for whoever writes", async () => {
    const path = fileCalled("usage.db");
    const record = recordOf(intentOf());
    const writer = sqliteLedger(path);
    await writer.finish(record);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const clock = new ManualClock();
    const reader = sqliteLedger(path, { clock });
    const waiting = clock.waiting(15).then(() => "waits");
    expect(await Promise.race([recordsOf(reader), waiting])).toEqual([record]);
    other.close();
    await reader.close();
    await writer.close();
  });

  test("a row that the database refuses takes no other with it", async () => {
    const path = fileCalled("usage.db");
    const ledger = sqliteLedger(path);
    await ledger.finish(recordOf(intentOf()));
    const other = new DatabaseSync(path);
    other.exec(`CREATE TRIGGER no_mallory BEFORE INSERT ON requests WHEN new.user_name = 'mallory'
      BEGIN SELECT raise(ABORT, 'not mallory'); END`);
    other.close();
    const large = { endedAt: 1e300 };
    const finishing = [{ user: "ann" }, { user: "mallory" }, large, { user: "bob" }].map((more) =>
      ledger.finish(recordOf(intentOf(), more)),
    );
    const ends = await Promise.allSettled(finishing);
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    expect((await recordsOf(ledger)).map(({ user }) => user)).toEqual([undefined, "ann", "bob"]);
    await ledger.close();
  });

  test("can be used again after it was closed", async () => {
    const ledger = sqliteLedger(fileCalled("usage.db"));
    await ledger.finish(recordOf(intentOf()));
    await ledger.close();
    await ledger.finish(recordOf(intentOf()));
    expect(await recordsOf(ledger)).toHaveLength(2);
    await ledger.close();
  });

  test("more records than a page come in order", async () => {
    const ledger = sqliteLedger(fileCalled("usage.db"));
    const records = Array.from({ length: 1_203 }, (_, at) => recordOf(intentOf(), { endedAt: 5_000 + (at % 7) }));
    await Promise.all(records.map((record) => ledger.finish(record)));
    const found = await recordsOf(ledger);
    const inOrder = records.toSorted((a, b) => a.endedAt - b.endedAt || (a.id < b.id ? -1 : 1));
    expect(found.map(({ id }) => id)).toEqual(inOrder.map(({ id }) => id));
    await ledger.close();
  });
});

test.each(["jsonl", "sqlite"])("several processes that begin a %s ledger at once lose nothing", async (kind) => {
  const path = fileCalled("usage");
  const program = new URL("ledger-writer-program.ts", import.meta.url);
  const writers = Array.from({ length: 4 }, () => sourceProcess(program, [kind, path, "200"]));
  for (const writer of writers) expect(await writer.line()).toBe("ready");
  for (const writer of writers) writer.say("go");
  for (const writer of writers) expect(await writer.exited).toEqual([0, null]);
  const ledger = kind === "jsonl" ? jsonlLedger(path) : sqliteLedger(path);
  const records = await recordsOf(ledger);
  await ledger.close();
  expect(new Set(records.map(({ id }) => id)).size).toBe(800);
  expect(records).toHaveLength(800);
});

describe("memoryLedger()", () => {
  test("forgets the oldest records beyond its bound", async () => {
    const ledger = memoryLedger({ maxRecords: 3 });
    for (let at = 0; at < 5_000; at += 1) await ledger.finish(recordOf(intentOf(), { endedAt: at }));
    expect((await recordsOf(ledger)).map(({ endedAt }) => endedAt)).toEqual([4_997, 4_998, 4_999]);
  });

  test("a record that comes again takes no place of another", async () => {
    const ledger = memoryLedger({ maxRecords: 2 });
    const [first, second] = [intentOf(), intentOf()];
    await ledger.begin(first);
    await ledger.finish(recordOf(first, { endedAt: 1 }));
    for (let at = 0; at < 3_000; at += 1) await ledger.finish(recordOf(second, { endedAt: 2 + at }));
    expect((await recordsOf(ledger)).map(({ id, endedAt }) => [id, endedAt])).toEqual([
      [first.id, 1],
      [second.id, 3_001],
    ]);
  });

  test("an intent that is told once more after its record is nobody's to settle", async () => {
    const ledger = memoryLedger({ staleMs: 0 });
    const intent = intentOf({ process: "elsewhere:1:0" });
    await ledger.finish(recordOf(intent));
    await ledger.begin(intent);
    expect(await ledger.orphans()).toEqual([]);
  });

  test("nor is it once that record is forgotten", async () => {
    const ledger = memoryLedger({ maxRecords: 1, staleMs: 0 });
    const intent = intentOf({ process: "elsewhere:1:0" });
    await ledger.finish(recordOf(intent));
    await ledger.begin(intent);
    for (let at = 0; at < 1_100; at += 1) {
      const other = intentOf();
      await ledger.begin(other);
      await ledger.finish(recordOf(other));
    }
    expect(await ledger.orphans()).toEqual([]);
  });

  test("a record of an intent that was told twice is still one, and what is known of it stays", async () => {
    const ledger = memoryLedger();
    const intent = intentOf();
    for (const outcome of ["answered", "unknown"] as const) {
      await ledger.begin(intent);
      await ledger.finish(recordOf(intent, { outcome }));
    }
    expect((await recordsOf(ledger)).map(({ id, outcome }) => [id, outcome])).toEqual([[intent.id, "answered"]]);
  });

  test("an intent is held until it is closed, whatever the bound", async () => {
    const ledger = memoryLedger({ maxRecords: 1, staleMs: 0 });
    await ledger.begin(intentOf({ process: "elsewhere:1:0" }));
    for (let at = 0; at < 10; at += 1) await ledger.finish(recordOf(intentOf()));
    expect(await ledger.orphans()).toHaveLength(1);
  });
});

describe("hookLedger()", () => {
  test("waits for what the functions do, and rejects with what they throw", async () => {
    const told: string[] = [];
    const ledger = hookLedger(async ({ outcome }) => {
      await Promise.resolve();
      told.push(outcome);
    });
    await ledger.begin(intentOf());
    await ledger.finish(recordOf(intentOf()));
    expect(told).toEqual(["answered"]);
    const throws = () => {
      throw new RangeError("full");
    };
    await expect(hookLedger(throws).finish(recordOf(intentOf()))).rejects.toThrow("full");
    await expect(hookLedger({ begin: throws, finish: throws }).begin(intentOf())).rejects.toThrow("full");
  });
});

const nobody = { query: () => Promise.reject(new Error("nobody is to be asked")) };

test.each([
  ["jsonlLedger", () => jsonlLedger("")],
  ["sqliteLedger", () => sqliteLedger(undefined as unknown as string)],
  ["sqliteLedger", () => sqliteLedger("usage.db", { staleMs: -1 })],
  ["jsonlLedger", () => jsonlLedger("usage.jsonl", { stalems: 5 } as never)],
  ["memoryLedger", () => memoryLedger({ maxRecords: 0 })],
  ["memoryLedger", () => memoryLedger({ maxRecord: 9 } as never)],
  ["postgresLedger", () => postgresLedger(nobody, { tabel: "mine" } as never)],
  ["postgresLedger", () => postgresLedger(nobody, { timeoutMs: Number.NaN })],
  ["postgresLedger", () => postgresLedger(nobody, { retryMs: -1 })],
  ["hookLedger", () => hookLedger({} as never)],
  ["hookLedger", () => hookLedger(undefined as never)],
  ["hookLedger", () => hookLedger({ begin: 7, finish: () => {} } as never)],
])("%s() refuses what cannot be meant", (_, make) => {
  expect(make).toThrow(expect.objectContaining({ code: "invalid_config" }));
});
