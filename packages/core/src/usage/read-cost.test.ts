import { describe, expect, test } from "vitest";
import { addCost, costOfGeneration, readCost } from "./read-cost.js";

describe("reading cost", () => {
  test("S43 the provider's own figure is taken as it is", () => {
    expect(readCost({ cost: 0.00024, is_byok: false, cost_details: { upstream_inference_cost: 0.0002 } })).toEqual({
      usd: 0.00024,
      upstreamUsd: 0.0002,
      isByok: false,
      totalUsd: 0.00024,
      source: "provider",
    });
  });

  test("for an own provider key the provider's charge counts into the total", () => {
    expect(readCost({ cost: 0.1, is_byok: true, cost_details: { upstream_inference_cost: 0.2 } })).toMatchObject({
      usd: 0.1,
      isByok: true,
      totalUsd: 0.3,
    });
    expect(readCost({ cost: 0, is_byok: true, cost_details: { upstream_inference_cost: null } })).toEqual({
      usd: 0,
      isByok: true,
      totalUsd: 0,
      source: "provider",
    });
  });

  test.each([
    [0, 0.0002265, true, 0.0002265],
    [0.01, 0.2, true, 0.21],
    [0.0145476, 0.0001776, false, 0.0145476],
    [0.2, 0.2, false, 0.2],
    [0, 0, false, 0],
    [0.1, null, false, 0.1],
  ])("S43 where is_byok is missing, a charge above the cost tells it: %d, %d", (cost, charge, isByok, totalUsd) => {
    const told = readCost({ cost, cost_details: { upstream_inference_cost: charge } });
    expect(told).toMatchObject({ usd: cost, isByok, totalUsd });
    expect(costOfGeneration({ total_cost: cost, upstream_inference_cost: charge })).toMatchObject({ isByok, totalUsd });
    expect(readCost({ cost, is_byok: false, cost_details: { upstream_inference_cost: charge } })?.isByok).toBe(false);
  });

  test("0 is a cost, a missing or malformed one is none", () => {
    expect(readCost({ cost: 0 })?.usd).toBe(0);
    expect(Object.is(readCost({ cost: -0 })?.usd, 0)).toBe(true);
    const infinite: unknown = JSON.parse("1e999");
    for (const cost of [undefined, null, "0.1", Number.NaN, infinite, -0.1, {}])
      expect(readCost({ cost })).toBeUndefined();
    for (const none of [undefined, null, 3, "x", []]) expect(readCost(none)).toBeUndefined();
  });

  test("a generation look-up tells the cost afterwards", () => {
    expect(costOfGeneration({ total_cost: 0.5, usage: 0.4, is_byok: true, upstream_inference_cost: 0.25 })).toEqual({
      usd: 0.5,
      upstreamUsd: 0.25,
      isByok: true,
      totalUsd: 0.75,
      source: "generation",
    });
    expect(costOfGeneration({ usage: 0.4 })?.usd).toBe(0.4);
    expect(costOfGeneration({ total_cost: 0, usage: 0.4 })?.usd).toBe(0);
    expect(costOfGeneration({ usage: 0.4 })).toStrictEqual({
      usd: 0.4,
      isByok: false,
      totalUsd: 0.4,
      source: "generation",
    });
    for (const none of [undefined, null, "x", [], {}, { total_cost: "0.4" }])
      expect(costOfGeneration(none)).toBeUndefined();
  });

  test("costs add up exactly, and the sum is only as good as its weaker part", () => {
    const told = readCost({ cost: 0.1 });
    const found = costOfGeneration({ total_cost: 0.2, upstream_inference_cost: 0.2 });
    expect(addCost(told, found)).toEqual({
      usd: 0.3,
      upstreamUsd: 0.2,
      isByok: false,
      totalUsd: 0.3,
      source: "generation",
    });
    const guessed = told && ({ ...told, source: "estimate" } as const);
    expect([addCost(found, guessed)?.source, addCost(guessed, found)?.source]).toEqual(["estimate", "estimate"]);
    expect([addCost(told, found)?.source, addCost(found, told)?.source]).toEqual(["generation", "generation"]);
    expect([addCost(undefined, told), addCost(told, undefined), addCost(undefined, undefined)]).toEqual([
      told,
      told,
      undefined,
    ]);
    expect(addCost(told, told)).toStrictEqual({ usd: 0.2, isByok: false, totalUsd: 0.2, source: "provider" });
    expect([addCost(told, found)?.upstreamUsd, addCost(found, told)?.upstreamUsd]).toEqual([0.2, 0.2]);
    const own = readCost({ cost: 0.1, is_byok: true, cost_details: { upstream_inference_cost: 0.5 } });
    for (const sum of [addCost(own, told), addCost(told, own)]) {
      expect(sum).toMatchObject({ isByok: true, upstreamUsd: 0.5, totalUsd: 0.7 });
    }
    let sum = told;
    for (let call = 1; call < 10_000; call++) sum = addCost(sum, readCost({ cost: 0.0000029 }));
    expect(sum?.usd).toBe(0.1289971);
  });
});
