import { describe, expect, test } from "vitest";
import { judge, tell } from "../mutation/survivors.mjs";

const FILE = "src/a.ts";
const SOURCE = "const a = 1;\nif (a > 1 &&\n  a < 5) done();\n";
const at = (line: number, column: number, endLine: number, endColumn: number) => ({
  start: { line, column },
  end: { line: endLine, column: endColumn },
});
const survivor = { fileName: FILE, location: at(2, 5, 2, 10), replacement: "a >= 1" };
const mutant = { code: "a > 1", mutated: "a >= 1" };
const reason = { file: FILE, on: "if (a > 1 &&", reason: "a is never 1", mutants: [mutant] };
const told = { file: FILE, on: "if (a > 1 &&", ...mutant };
const judged = (reasons: (typeof reason)[], survivors = [survivor], source = SOURCE) =>
  judge({ survivors, files: [FILE], reasons, sources: new Map([[FILE, source]]) });

describe("survivors of the mutation run", () => {
  test("one is told by its file, its line and the code before and after, without line ends", () => {
    expect(tell(survivor, SOURCE)).toEqual(told);
    const long = { fileName: FILE, location: at(2, 5, 3, 8), replacement: "a > 1 ||\n  a < 5" };
    expect(tell(long, SOURCE)).toMatchObject({ code: "a > 1 && a < 5", mutated: "a > 1 || a < 5" });
  });

  test("a reason explains its survivors, wherever the line has moved", () => {
    expect(judged([reason])).toEqual({ unexplained: [], idle: [], explained: 1 });
    const moved = { ...survivor, location: at(3, 5, 3, 10) };
    expect(judged([reason], [moved], `\n${SOURCE}`)).toMatchObject({ unexplained: [], idle: [] });
    const less = { ...survivor, replacement: "a < 1" };
    const both = { ...reason, mutants: [mutant, { ...mutant, mutated: "a < 1" }] };
    expect(judged([both], [less, survivor])).toEqual({ unexplained: [], idle: [], explained: 2 });
  });

  test("without a reason, with an empty one or with one for other code it stands unexplained", () => {
    for (const given of [[], [{ ...reason, reason: " " }]]) {
      expect(judged(given)).toEqual({ unexplained: [{ ...told, line: 2 }], idle: [], explained: 0 });
    }
    for (const other of [
      { ...reason, on: "else" },
      { ...reason, mutants: [{ ...mutant, mutated: "a < 1" }] },
      { ...reason, mutants: [{ ...mutant, code: "b > 1" }] },
    ]) {
      expect(judged([other])).toMatchObject({ unexplained: [{ line: 2 }], idle: [{ on: other.on }], explained: 0 });
    }
  });

  test("a mutant of a reason explains one survivor, and one that survives no more is idle", () => {
    expect(judged([reason], [survivor, survivor])).toMatchObject({ unexplained: [{ line: 2 }], explained: 1 });
    expect(judged([reason, reason])).toMatchObject({ idle: [told] });
    expect(judged([reason], [])).toMatchObject({ idle: [told] });
  });

  test("reasons of files that were not mutated are left alone", () => {
    expect(judged([{ ...reason, file: "src/b.ts" }])).toMatchObject({ idle: [] });
  });
});
