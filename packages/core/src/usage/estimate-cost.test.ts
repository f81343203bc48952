import { describe, expect, test } from "vitest";
import { Catalogue } from "../models/catalogue.js";
import { estimateCost } from "./estimate-cost.js";

const MILLION = { promptTokens: 1_000_000, completionTokens: 1_000_000 };

describe("estimating cost", () => {
  test("S33 the guide's four prices, exact", () => {
    expect(estimateCost("anthropic/claude-3-haiku:beta", MILLION)).toEqual({
      usd: 1.5,
      isByok: false,
      totalUsd: 1.5,
      source: "estimate",
    });
    expect(estimateCost("openai/gpt-4o-mini", MILLION).usd).toBe(0.75);
    expect(estimateCost("google/gemini-flash-1.5", MILLION).usd).toBe(0.375);
    expect(estimateCost("anthropic/claude-3.5-sonnet:beta", MILLION).usd).toBe(18);
    expect(estimateCost("openai/gpt-4o-mini", { promptTokens: 1, completionTokens: 2 }).usd).toBe(0.00000135);
  });

  test("S33 a catalogue's price wins over the guide's", () => {
    const row = {
      id: "google/gemini-flash-1.5",
      name: "x",
      inputModalities: [],
      outputModalities: [],
      supportedParameters: [],
    };
    const price = { promptPerMillion: 1, completionPerMillion: 2, perRequest: 0.5 };
    const catalogue = new Catalogue([{ ...row, price }]);
    expect(estimateCost("google/gemini-flash-1.5", MILLION, { catalogue }).usd).toBe(3.5);
    expect(estimateCost({ ...row, price }, MILLION).usd).toBe(3.5);
    expect(estimateCost(price, MILLION).usd).toBe(3.5);
  });

  test("a retired id without a price of its own costs what its successor costs", () => {
    expect(estimateCost("anthropic/claude-3-sonnet:beta", MILLION).usd).toBe(18);
    expect(estimateCost("meta/llama-3.1-8b-instruct", MILLION).usd).toBe(0.13);
  });

  test("free variants cost nothing; an unknown model has no estimate", () => {
    expect(estimateCost("acme/model:free", MILLION).usd).toBe(0);
    for (const id of ["acme/model", "gpt-4o"]) {
      expect(() => estimateCost(id, MILLION)).toThrow(expect.objectContaining({ code: "model_not_found" }));
    }
  });
});
