import { expect, test } from "vitest";
import { median, ratios, summarize } from "../report/statistics.ts";

test("the median is the middle value, or the mean of the two in the middle", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("ratios pair the values of one run and leave out runs without a base", () => {
  expect(ratios([2, 6, 8], [1, 2])).toEqual([2, 3]);
});

test("a summary has the median with its bounds", () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, count: 3 });
});
