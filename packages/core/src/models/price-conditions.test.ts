import { expect, test } from "vitest";
import type { ModelPrice, PriceOverride } from "./model-types.js";
import { pricesAt } from "./price-conditions.js";

const at = (hour: number, minute: number) => Date.UTC(2026, 10, 23, hour, minute);
const price = (...overrides: PriceOverride[]): ModelPrice => ({
  promptPerMillion: 1,
  completionPerMillion: 2,
  overrides,
});
const holds = (window: PriceOverride, hour: number, minute: number) =>
  pricesAt(price({ ...window, promptPerMillion: 3 }), { promptTokens: 0, at: at(hour, minute) }).promptPerMillion === 3;

test("a window without an end lasts until midnight, one without a start begins there", () => {
  expect(
    [
      [11, 59],
      [12, 0],
      [23, 59],
      [0, 0],
    ].map(([hour = 0, minute = 0]) => holds({ utcStart: 1200 }, hour, minute)),
  ).toEqual([false, true, true, false]);
  expect(
    [
      [0, 0],
      [11, 59],
      [12, 0],
    ].map(([hour = 0, minute = 0]) => holds({ utcEnd: 1200 }, hour, minute)),
  ).toEqual([true, true, false]);
  expect([holds({}, 0, 0), holds({}, 23, 59)]).toEqual([true, true]);
  expect(holds({ utcStart: 0, utcEnd: 2400 }, 23, 59)).toBe(true);
});

test("a window that ends where it starts never holds", () => {
  for (const hour of [5, 6, 7]) expect(holds({ utcStart: 600, utcEnd: 600 }, hour, 0)).toBe(false);
});

test("without overrides the list price itself holds, and with them it is left as it was", () => {
  const plain: ModelPrice = { promptPerMillion: 1, completionPerMillion: 2 };
  expect(pricesAt(plain, { promptTokens: 1, at: 0 })).toBe(plain);
  const list = price({ promptPerMillion: 3 });
  expect(pricesAt(list, { promptTokens: 1, at: 0 })).toMatchObject({ promptPerMillion: 3, completionPerMillion: 2 });
  expect(list.promptPerMillion).toBe(1);
});
