import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { hookLedger, jsonlLedger, memoryLedger, sqliteLedger } from "../src/ledger/index.js";
import { intentOf, recordOf, recordsOf } from "./ledger-contract.js";
import { ManualClock } from "./manual-clock.js";
import { sourceProcess } from "./source-process.js";

function fileCalled(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-ledger-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, name);
}

const linesOf = (path: string) => readFileSync(path, "utf8").split("\n").slice(0, -1);

describe("jsonlLedger()", () => {
  test("writes a line for each thing it is told, for the owner's eyes alone", async () => {
    const path = fileCalled("usage.jsonl");
    const ledger = jsonlLedger(path);
    const intent = intentOf({ user: "ann" });
    await ledger.begin(intent);
    await ledger.note(intent.id, "gen-1");
    await ledger.finish(recordOf(intent));
    expect(linesOf(path).map((line) => JSON.parse(line))).toEqual([
      { ledger: 1, is: "intent", ...intent },
      { ledger: 1, is: "note", id: intent.id, generationId: "gen-1" },
      { ledger: 1, is: "record", ...recordOf(intent) },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("what is told in one turn is one write; begin resolves once it stands in the file", async () => {
    const path = fileCalled("usage.jsonl");
    const ledger = jsonlLedger(path);
    const intents = Array.from({ length: 50 }, () => intentOf());
    await Promise.race(intents.map((intent) => ledger.begin(intent)));
    expect(linesOf(path)).toHaveLength(50);
  });

  test("a line that a power cut tore is passed over, and what comes after it is whole", async () => {
    const path = fileCalled("usage.jsonl");
    const records = [recordOf(intentOf()), recordOf(intentOf())] as const;
    await jsonlLedger(path).finish(records[0]);
    appendFileSync(path, '{"ledger":1,"is":"record","id":"torn","metad');
    await jsonlLedger(path).finish(records[1]);
    expect(linesOf(path)).toHaveLength(3);
    expect(await recordsOf(jsonlLedger(path))).toEqual(records);
  });

  test("a line behind the torn one of another process is found in it, wherever that was torn", async () => {
    const [torn, whole] = [recordOf(intentOf({ metadata: { ledger: "1", is: '{"ledger":1,' } })), recordOf(intentOf())];
    const path = fileCalled("usage.jsonl");
    await jsonlLedger(path).finish(torn);
    const first = linesOf(path)[0] ?? "";
    rmSync(path);
    await jsonlLedger(path).finish(whole);
    const second = readFileSync(path, "utf8");
    await fc.assert(
      fc.asyncProperty(fc.nat(first.length - 1), async (at) => {
        writeFileSync(path, first.slice(0, at) + second);
        expect(await recordsOf(jsonlLedger(path))).toEqual([whole]);
      }),
      { numRuns: 50 },
    );
  });

  test("a write that was cut short is made again, whole; where that is cut short too, it rejects", async () => {
    const path = fileCalled("usage.jsonl");
    const ledger = jsonlLedger(path);
    const records = [recordOf(intentOf()), recordOf(intentOf())] as const;
    await ledger.finish(records[0]);
    let short = 1;
    const { open } = promises;
    vi.spyOn(promises, "open").mockImplementation(async (...args) => {
      const file = await open(...args);
      const write = file.write.bind(file) as (bytes: Buffer) => Promise<unknown>;
      file.write = ((bytes: Buffer) => write(short-- > 0 ? bytes.subarray(0, 40) : bytes)) as typeof file.write;
      return file;
    });
    onTestFinished(() => void vi.restoreAllMocks());
    await ledger.finish(records[1]);
    expect(await recordsOf(ledger)).toEqual(records);
    short = 2;
    await expect(ledger.finish(recordOf(intentOf()))).rejects.toThrow("takes no more");
    expect(await recordsOf(ledger)).toEqual(records);
    const last = recordOf(intentOf());
    await ledger.finish(last);
    expect(await recordsOf(ledger)).toEqual([...records, last]);
  });

  test("lines that are none of its own are passed over", async () => {
    const path = fileCalled("usage.jsonl");
    writeFileSync(path, 'hello\n{"ledger":1,"is":"note","id":7}\n{"ledger":1,"is":"x","id":"a"}\n\n[]\n{"ledger":1,');
    expect(await recordsOf(jsonlLedger(path))).toEqual([]);
    expect(await jsonlLedger(path).orphans()).toEqual([]);
  });

  test("goes on in a new file where the old one was moved away", async () => {
    const path = fileCalled("usage.jsonl");
    const ledger = jsonlLedger(path);
    await ledger.finish(recordOf(intentOf()));
    renameSync(path, `${path}.1`);
    await ledger.finish(recordOf(intentOf()));
    expect([linesOf(path).length, linesOf(`${path}.1`).length]).toEqual([1, 1]);
  });

  test("a file that is not there has no records, and is not made by reading", async () => {
    const path = fileCalled("none.jsonl");
    expect(await recordsOf(jsonlLedger(path))).toEqual([]);
    expect(() => statSync(path)).toThrow("ENOENT");
  });

  test("where it cannot write it rejects, every time", async () => {
    const ledger = jsonlLedger(join(fileCalled("no-folder"), "usage.jsonl"));
    await expect(ledger.begin(intentOf())).rejects.toThrow("ENOENT");
    await expect(ledger.finish(recordOf(intentOf()))).rejects.toThrow("ENOENT");
  });
});

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

  test("waits for whoever holds the file, and goes on with everything else meanwhile", async () => {
    const path = fileCalled("usage.db");
    const clock = new ManualClock();
    const ledger = sqliteLedger(path, { clock });
    await ledger.begin(intentOf());
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
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

  test("but not for ever", async () => {
    const path = fileCalled("usage.db");
    const clock = new ManualClock();
    const ledger = sqliteLedger(path, { clock });
    await ledger.begin(intentOf());
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const failed = expect(ledger.finish(recordOf(intentOf()))).rejects.toThrow("locked");
    await clock.waiting(15);
    clock.advance(10_001);
    await failed;
    other.close();
    await ledger.close();
  });

  test("a row that the database refuses takes no other with it", async () => {
    const path = fileCalled("usage.db");
    const ledger = sqliteLedger(path);
    await ledger.finish(recordOf(intentOf()));
    const other = new DatabaseSync(path);
    other.exec(`CREATE TRIGGER no_mallory BEFORE INSERT ON requests WHEN new.user_name = 'mallory'
      BEGIN SELECT raise(ABORT, 'not mallory'); END`);
    other.close();
    const large = { promptTokens: 1e300 };
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

test.each([
  ["jsonlLedger", () => jsonlLedger("")],
  ["sqliteLedger", () => sqliteLedger(undefined as unknown as string)],
  ["sqliteLedger", () => sqliteLedger("usage.db", { staleMs: -1 })],
  ["memoryLedger", () => memoryLedger({ maxRecords: 0 })],
  ["hookLedger", () => hookLedger({} as never)],
  ["hookLedger", () => hookLedger({ begin: 7, finish: () => {} } as never)],
])("%s() refuses what cannot be meant", (_, make) => {
  expect(make).toThrow(expect.objectContaining({ code: "invalid_config" }));
});
