import { expect, test } from "vitest";
import type { Gates } from "../limits/gates.js";
import { usdAtMost } from "./at-most.js";
import type { Engine } from "./engine.js";

const PRICES: Readonly<Record<string, number>> = { cheap: 1, dear: 3, dearest: 7 };
const engine = {
  catalogue: { price: (id: string) => PRICES[id], get: () => undefined },
} as unknown as Engine;
const gates = { worstCaseUsd: (_body: unknown, price: unknown) => price } as unknown as Gates;

test.each<[models: string[], most: number | undefined]>([
  [["dear"], 3],
  [["dear", "cheap"], 3],
  [["cheap", "dearest", "dear"], 7],
  [["cheap", "cheap"], 1],
  [["unpriced"], undefined],
  [["unpriced", "dear"], undefined],
  [["dear", "unpriced"], undefined],
  [["dear", "unpriced", "cheap"], undefined],
])("of %j the dearest counts, and without a price of each none is known", ([model, ...models], most) => {
  expect(usdAtMost(engine, { model: model ?? "", models, messages: [] }, gates)).toBe(most);
});
