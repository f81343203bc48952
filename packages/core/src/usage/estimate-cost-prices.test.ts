import { describe, expect, test } from "vitest";
import type { ModelInfo, ModelPrice } from "../models/model-types.js";
import { estimateCost } from "./estimate-cost.js";
import type { TokenCounts } from "./price-of-call.js";

const ONE = { promptTokens: 1_000_000, completionTokens: 0 };
const priced = (promptPerMillion: number): ModelPrice => ({ promptPerMillion, completionPerMillion: 0 });
const catalogueOf = (prices: Record<string, number>) => ({
  price: (id: string) => (prices[id] === undefined ? undefined : priced(prices[id])),
});
const usdOf = (id: string, prices: Record<string, number>) =>
  estimateCost(id, ONE, { catalogue: catalogueOf(prices) }).usd;

describe("where the price of an id is found", () => {
  test("the id as it is, then without its variants", () => {
    expect(usdOf("acme/model:fast", { "acme/model:fast": 5, "acme/model": 1 })).toBe(5);
    expect(usdOf("acme/model:fast", { "acme/model": 1 })).toBe(1);
  });

  test("blanks around an id do not count", () => {
    expect(usdOf(" acme/model:fast\n", { "acme/model:fast": 5, "acme/model": 1 })).toBe(5);
    expect(usdOf(" acme/model:slow\n", { "acme/model": 1 })).toBe(1);
    expect(estimateCost(" google/gemini-flash-1.5 ", ONE, { catalogue: catalogueOf({}) }).usd).toBe(
      estimateCost("google/gemini-flash-1.5", ONE).usd,
    );
  });

  test("the catalogue that is given is asked for the model in place of a retired one too", () => {
    const successor = estimateCost("anthropic/claude-3-sonnet:beta", ONE);
    expect(successor.usd).toBe(3);
    expect(usdOf("anthropic/claude-3-sonnet:beta", { "anthropic/claude-3-sonnet": 7 })).toBe(7);
  });

  test("an id without a vendor is refused with the nearest one", () => {
    expect(() => estimateCost("gpt-4o", ONE)).toThrow("did you mean openai/gpt-4o");
    expect(() => estimateCost("claude-opus-4.6", ONE)).toThrow("did you mean anthropic/claude-opus-4.6");
  });

  test("a word that only objects know is no model", () => {
    expect(() => estimateCost("constructor", ONE)).toThrow(expect.objectContaining({ code: "model_not_found" }));
  });
});

test("the model without a price is named, and why it has none", () => {
  const row: ModelInfo = {
    id: "acme/router",
    name: "x",
    inputModalities: [],
    outputModalities: [],
    supportedParameters: [],
  };
  const message = (model: string | ModelInfo) => {
    try {
      return JSON.stringify(estimateCost(model, ONE, { catalogue: catalogueOf({}) }));
    } catch (error) {
      return String((error as Error).message);
    }
  };
  expect(message(row)).toContain("acme/router");
  expect(message(row)).toContain("no price is known");
  expect(message(row)).not.toContain("did you mean");
});

test("the moment of the call decides where the price depends on it", () => {
  const price: ModelPrice = { ...priced(1), overrides: [{ utcStart: 100, utcEnd: 200, promptPerMillion: 3 }] };
  const at = (hour: number) => estimateCost(price, ONE, { at: new Date(Date.UTC(2026, 10, 23, hour)) }).usd;
  expect([at(0), at(1), at(2)]).toEqual([1, 3, 1]);
  expect([1, 3]).toContain(estimateCost(price, ONE).usd);
});

test.each<keyof TokenCounts>([
  "promptTokens",
  "completionTokens",
  "cachedTokens",
  "cacheWriteTokens",
  "cacheWrite1hTokens",
  "audioTokens",
  "reasoningTokens",
  "audioOutputTokens",
  "imageOutputTokens",
  "images",
  "webSearches",
  "requests",
])("%s has to be a number of 0 or more", (name) => {
  const estimate = (value: unknown) => estimateCost(priced(1), { ...ONE, [name]: value } as TokenCounts).usd;
  for (const bad of [-1, Number.NaN, "5", null]) {
    expect(() => estimate(bad)).toThrow(`${name} is ${String(bad)}; allowed: a number of 0 or more`);
  }
  expect(estimate(0)).toBeGreaterThanOrEqual(0);
});

test("an estimate needs both the prompt's and the answer's tokens", () => {
  for (const counts of [undefined, {}, { prompt_tokens: 5 }]) {
    expect(() => estimateCost(priced(1), counts as never)).toThrow("promptTokens is undefined; allowed: a number");
  }
  expect(() => estimateCost(priced(1), { promptTokens: 1 } as never)).toThrow("completionTokens is undefined");
});

test("an undefined count is none, and what is no count is not looked at", () => {
  const counts = { ...ONE, images: undefined, note: "x" };
  expect(estimateCost(priced(1), counts)).toEqual({ usd: 1, isByok: false, totalUsd: 1, source: "estimate" });
});
