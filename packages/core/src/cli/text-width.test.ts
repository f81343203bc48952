import { expect, test } from "vitest";
import { textWidth } from "./text-width.js";

test.each([
  ["", 0],
  ["ann", 3],
  ["王小明", 6],
  ["ひらカタ", 8],
  ["ㄅㄆ", 4],
  ["김", 2],
  ["\u1100\u1161", 2],
  ["（ＡＢ）", 8],
  ["ﾀﾛｳ", 3],
  ["、。「」", 8],
  ["𠮷", 2],
  ["e\u0301", 1],
  ["a\u200bb\u200d", 2],
  ["か\u3099", 2],
  ["naïve — 5 €", 11],
  ["😀", 2],
  ["🇩🇪", 2],
])("%j takes %i columns", (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});
