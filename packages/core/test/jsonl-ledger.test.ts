import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { jsonlLedger, memoryLedger } from "../src/ledger/index.js";
import { heldHeap } from "./held-heap.js";
import { intentOf, recordOf, recordsOf } from "./ledger-contract.js";

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

  test("comes to what a ledger in memory holds, whatever it is told and in whatever order", async () => {
    const ids = ["a", "b", "c"];
    const told = fc.record({
      id: fc.constantFrom(...ids),
      verb: fc.constantFrom("begin", "note", "finish"),
      outcome: fc.constantFrom("answered", "failed", "unknown"),
      nth: fc.nat(9),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(told, { maxLength: 12 }), fc.nat(9), async (all, from) => {
        const path = fileCalled("usage.jsonl");
        const ledgers = [jsonlLedger(path), memoryLedger()] as const;
        for (const { id, verb, outcome, nth } of all) {
          const intent = intentOf({ id, process: "elsewhere:1:0" });
          for (const ledger of ledgers) {
            if (verb === "begin") await ledger.begin(intent);
            else if (verb === "note") await ledger.note(id, `gen-${nth}`);
            else await ledger.finish(recordOf(intent, { outcome, endedAt: nth }));
          }
        }
        const [file, memory] = await Promise.all(
          ledgers.map(async (ledger) => ({
            open: (await ledger.orphans()).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
            records: await recordsOf(ledger, { from }),
          })),
        );
        expect(file).toEqual(memory);
      }),
      { numRuns: 100 },
    );
  });

  test("of a large file only what is asked for is held in memory, and that as text", async () => {
    const path = fileCalled("usage.jsonl");
    const ledger = jsonlLedger(path);
    const count = 5_000;
    const records = Array.from({ length: count }, (_, at) => recordOf(intentOf({ user: `user-${at}` })));
    await Promise.all(records.map((record) => ledger.finish(record)));
    records.length = 0;
    const heldAt = async (from: number) => {
      const reading = ledger.records({ from })[Symbol.asyncIterator]();
      const before = heldHeap();
      const first = await reading.next();
      const held = (heldHeap() - before) / count;
      await reading.return?.();
      return [first.done ?? false, held] as const;
    };
    const [isEmpty, held] = await heldAt(0);
    expect(isEmpty).toBe(false);
    expect(held).toBeLessThan(1_000);
    expect((await heldAt(2_000))[0]).toBe(true);
  });

  test("what cannot be read rejects", async () => {
    const folder = fileCalled(".");
    await expect(recordsOf(jsonlLedger(folder))).rejects.toThrow("EISDIR");
    await expect(jsonlLedger(folder).orphans()).rejects.toThrow("EISDIR");
  });
});
