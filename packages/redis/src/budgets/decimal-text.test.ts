import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalText } from "./decimal-text.js";

test("reads back as the amount that was written, without an exponent", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-7, max: 999_999_999_999_999, noNaN: true }), (usd) => {
      const text = decimalText(usd);
      expect(text).toMatch(/^\d{1,15}(\.\d{1,24})?$/);
      // 24 decimals hold every digit of what is not below a ten-millionth.
      expect(Number(text)).toBe(usd);
    }),
  );
});

test.each([
  [0.1, "0.1"],
  [1e-7, "0.0000001"],
  [1.5e-24, "0.000000000000000000000002"],
  [1.4e-24, "0.000000000000000000000001"],
  [1e-25, "0"],
  [5e-324, "0"],
  [123456789012345, "123456789012345"],
  [12, "12"],
  [0, "0"],
  [-1, "0"],
  [Number.NEGATIVE_INFINITY, "0"],
])("%d is %s", (usd, text) => {
  expect(decimalText(usd)).toBe(text);
});

test.each([1e15, 1e21, Number.POSITIVE_INFINITY, Number.NaN])("%d is no amount that can be counted", (usd) => {
  expect(decimalText(usd)).toBeUndefined();
});
