import { expect, test } from "vitest";
import { isNestedTooDeeply } from "./nesting.js";

const nested = (depth: number) => JSON.parse(`${'{"a":['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`) as object;

test.each([
  [2, false],
  [1_000, false],
  [1_002, true],
  [200_000, true],
])("%i levels: %j", (depth, deep) => {
  expect(isNestedTooDeeply(nested(depth))).toBe(deep);
});

test("a wide body is no deep one, and what is not too deep can be written again", () => {
  expect(isNestedTooDeeply({ list: Array.from({ length: 10_000 }, () => ({ a: [null, "x", 1] })) })).toBe(false);
  const body = nested(1_000);
  expect(JSON.parse(JSON.stringify(body))).toEqual(body);
});
