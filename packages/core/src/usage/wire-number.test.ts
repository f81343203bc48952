import { expect, test } from "vitest";
import { amountOf, countOf, recordOf } from "./wire-number.js";

const NO_NUMBERS = [undefined, null, "5", "", true, [5], {}, Number.NaN, -1, -1e-9];
const infinite: unknown = JSON.parse("1e999");

test("an amount is a finite number of 0 or more", () => {
  for (const value of [0, 0.5, 5, Number.MAX_VALUE]) expect(amountOf(value)).toBe(value);
  for (const value of [...NO_NUMBERS, infinite]) expect(amountOf(value), String(value)).toBeUndefined();
  expect(Object.is(amountOf(-0), 0)).toBe(true);
});

test("a count is a whole amount that a double holds exactly", () => {
  for (const value of [0, 5, Number.MAX_SAFE_INTEGER]) expect(countOf(value)).toBe(value);
  for (const value of [...NO_NUMBERS, infinite, 0.5, 2 ** 53]) expect(countOf(value), String(value)).toBeUndefined();
});

test("a record is an object with names, no list", () => {
  const record = { a: 1 };
  expect(recordOf(record)).toBe(record);
  for (const value of [undefined, null, "text", 5, true, [], [record], () => record]) {
    expect(recordOf(value), String(value)).toBeUndefined();
  }
});
