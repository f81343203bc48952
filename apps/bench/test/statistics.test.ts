import { expect, test } from "vitest";
import { median, percentile, ratios, summarize } from "../report/statistics.ts";

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

test("a percentile is a value that so many do not exceed", () => {
  const values = Array.from({ length: 200 }, (_, at) => 200 - at);
  expect([percentile(values, 50), percentile(values, 99), percentile(values, 100)]).toEqual([100, 198, 200]);
  expect(percentile([], 99)).toBeNaN();
});
