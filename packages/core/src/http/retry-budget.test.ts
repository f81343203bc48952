import fc from "fast-check";
import { expect, test } from "vitest";
import { RetryBudget } from "./retry-budget.js";

const taken = (budget: RetryBudget, tries: number) => Array.from({ length: tries }, () => budget.take());

test("100 retries where nothing succeeds, and no more", () => {
  const told = taken(new RetryBudget(), 200);
  expect([told.filter(Boolean).length, told[99], told[100]]).toEqual([100, true, false]);
});

test("each success gives one back, never beyond the capacity", () => {
  const budget = new RetryBudget(2);
  budget.succeeded();
  expect(taken(budget, 3)).toEqual([true, true, false]);
  budget.succeeded();
  expect(taken(budget, 2)).toEqual([true, false]);
});

test("in any order, there are never more retries than the capacity and the successes before them", () => {
  fc.assert(
    fc.property(fc.nat(5), fc.array(fc.boolean(), { maxLength: 50 }), (capacity, succeeds) => {
      const budget = new RetryBudget(capacity);
      let left = capacity;
      for (const success of succeeds) {
        if (success) budget.succeeded();
        else expect(budget.take()).toBe(left > 0);
        left = success ? Math.min(capacity, left + 1) : Math.max(0, left - 1);
      }
      expect(budget.take()).toBe(left > 0);
    }),
  );
});
