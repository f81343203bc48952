import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

interface Told {
  ancestorTitles: string[];
  title: string;
  status: string;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "promises-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const told = (title: string, status = "passed", ...ancestorTitles: string[]): Told => ({
  ancestorTitles,
  title,
  status,
});
const padded = (letter: string, last: number, digits: number) =>
  Array.from({ length: last }, (_, index) => letter + String(index + 1).padStart(digits, "0"));
const all = [...padded("F", 95, 2), ...padded("S", 49, 1), ...padded("R", 10, 1)];

function check(...reports: Told[][]) {
  const files = reports.map((assertionResults, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify({ testResults: [{ assertionResults }] }));
    return file;
  });
  const script = join(import.meta.dirname, "../promises.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...files], { encoding: "utf8" });
  return { status, said: stdout.trim().split("\n").at(-1), findings: stderr.split("\n").filter(Boolean) };
}

test("passes when every id leads a passed test, alone, in a row, or on the block around it", () => {
  const alone = all.filter((id) => !["F01", "F02", "S49"].includes(id)).map((id) => told(`${id} holds`));
  expect(check([...alone, told("F01 F02: cuts")], [told("whole", "passed", "client", "S49 streams")])).toEqual({
    status: 0,
    said: "promises: 154 of 154 have a passed test",
    findings: [],
  });
});

test.each([
  ["that failed", told("F27 holds", "failed")],
  ["that was skipped", told("F27 holds", "skipped")],
  ["that only mentions it", told("unlike F27 this is another")],
  ["of a longer number", told("F271 holds")],
])("a test %s keeps no promise", (_what, report) => {
  const rest = all.filter((id) => id !== "F27").map((id) => told(`${id} holds`));
  const { status, findings } = check([...rest, report]);
  expect([status, findings]).toEqual([1, ["F27: no passed test is named after it"]]);
});

test("an id that was never given is a slip of the pen", () => {
  const { status, findings } = check([...all.map((id) => told(`${id} holds`)), told("F1 holds"), told("R11 holds")]);
  expect(status).toBe(1);
  expect(findings).toEqual([
    "F1: a test is named after it, but nothing of that number is promised",
    "R11: a test is named after it, but nothing of that number is promised",
  ]);
});
