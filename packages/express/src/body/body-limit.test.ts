import { expect, test } from "vitest";
import { readBodyLimit } from "./body-limit.js";

test.each([
  ["10mb", 10_485_760],
  ["1.5KB", 1536],
  ["100 b", 100],
  ["2gb", 2_147_483_648],
  ["512", 512],
  [512, 512],
])("%j is %i bytes", (limit, bytes) => {
  expect(readBodyLimit("here", limit)).toBe(bytes);
});

test.each(["10xb", "", "mb", "-1kb", "0", "0.1b", 0, -1, 1.5, Number.NaN, Infinity, null, true])(
  "%j is refused",
  (limit) => {
    expect(() => readBodyLimit("here", limit)).toThrow(/here: `bodyLimit` is no size/);
  },
);
