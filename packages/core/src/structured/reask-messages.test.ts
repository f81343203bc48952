import { expect, test } from "vitest";
import { reaskMessages } from "./reask-messages.js";

test("the answer comes back with what is wrong with it", () => {
  expect(
    reaskMessages('{"n":"x"}', [
      { path: "n", message: "must be of type number, not string" },
      { path: "", message: "is odd" },
    ]),
  ).toEqual([
    { role: "assistant", content: '{"n":"x"}' },
    {
      role: "user",
      content:
        "That answer cannot be used:\n- n: must be of type number, not string\n- is odd\n\nAnswer again with the corrected JSON object and nothing else.",
    },
  ]);
});

test("at most ten issues and six thousand characters, never half a character", () => {
  const issues = Array.from({ length: 12 }, (_, i) => ({ path: `p${i}`, message: "x".repeat(1_000) }));
  const [answer, words] = reaskMessages(`${"a".repeat(5_999)}😀 and more`, issues);
  expect(answer?.content).toBe(`${"a".repeat(5_999)}…`);
  const lines = String(words?.content).split("\n");
  expect(lines.filter((line) => line.startsWith("- "))).toHaveLength(11);
  expect(lines).toContain("- and 2 more");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(310);
});

test("an answer of nothing is no empty message, and the schema may be told again", () => {
  const [answer, words] = reaskMessages(" \n", [], { type: "object" });
  expect(answer).toEqual({ role: "assistant", content: "(no answer)" });
  expect(words?.content).toContain('match this JSON Schema:\n{"type":"object"}');
});
