import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SABOTAGES } from "../sabotage-rules.mjs";
import { sabotaged } from "../sabotage-source.mjs";

const source = "function f() {\n    return 1;\n}\n";
const sabotage = { file: "f.ts", line: "return 1;", instead: "return 2;" };

test("replaces the one line, wherever it is indented", () => {
  expect(sabotaged(source, sabotage)).toBe("function f() {\nreturn 2;\n}\n");
});

test.each([
  ["is gone", "function f() {}\n", 0],
  ["stands there twice", source + source, 2],
  ["is only part of another", "if (x) return 1;\n", 0],
])("a line that %s is an error that names it", (_what, changed, count) => {
  expect(() => sabotaged(changed, sabotage)).toThrow(`f.ts has ${count} lines "return 1;"`);
});

test("there is one for each rule, and each changes something", () => {
  expect(SABOTAGES.map(({ rule }) => rule)).toEqual(Array.from({ length: 10 }, (_, index) => `R${index + 1}`));
  expect(SABOTAGES.filter(({ line, instead, tests }) => line === instead || tests.length === 0)).toEqual([]);
});

test.each(SABOTAGES)("the line of $rule stands in its file", (rule) => {
  const source = readFileSync(new URL(`../../packages/core/${rule.file}`, import.meta.url), "utf8");
  expect(sabotaged(source, rule)).not.toBe(source);
});
