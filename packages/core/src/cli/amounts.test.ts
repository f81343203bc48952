import { expect, test } from "vitest";
import { count, dollars } from "./amounts.js";

test("amounts are never in exponents, below zero neither", () => {
  const amounts = [undefined, 0, 0.000004, 0.15, 0.99999, 12, 1234.5, -0.5, -12];
  expect(amounts.map(dollars)).toEqual([
    "-",
    "$0",
    "$0.000004",
    "$0.15",
    "$1.00",
    "$12.00",
    "$1234.50",
    "-$0.50",
    "-$12.00",
  ]);
});

test("counts are short, and what rounds up to a million is one", () => {
  expect([undefined, 0, 9_999, 131_072, 999_994, 999_999, 1_048_576].map(count)).toEqual([
    "-",
    "0",
    "9999",
    "131.07K",
    "999.99K",
    "1M",
    "1.05M",
  ]);
});
