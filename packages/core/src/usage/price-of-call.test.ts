import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { worstCaseUsd } from "../limits/worst-case-cost.js";
import type { ModelPrice } from "../models/model-types.js";
import { estimateCost } from "./estimate-cost.js";
import { addUsd, toMoney, toNumber } from "./money.js";
import { countsOf, priceOfCall, type TokenCounts } from "./price-of-call.js";
import { readUsage } from "./read-usage.js";

const NOON = Date.UTC(2026, 10, 23, 12);
const usdOf = (price: ModelPrice, counts: Partial<TokenCounts>, at = NOON) =>
  toNumber(priceOfCall(price, { promptTokens: 0, completionTokens: 0, ...counts }, at));
const price = (more: Partial<ModelPrice> = {}): ModelPrice => ({
  promptPerMillion: 1,
  completionPerMillion: 10,
  ...more,
});

const SONNET: ModelPrice = {
  promptPerMillion: 3,
  completionPerMillion: 15,
  cacheReadPerMillion: 0.3,
  cacheWritePerMillion: 3.75,
};
const FLASH: ModelPrice = {
  promptPerMillion: 0.3,
  completionPerMillion: 2.5,
  cacheReadPerMillion: 0.03,
  cacheWritePerMillion: 0.08333333333333334,
};
const DRAWING: ModelPrice = { promptPerMillion: 0.25, completionPerMillion: 1.5, imageOutputPerMillion: 30 };

describe("what OpenRouter billed, from its list price", () => {
  test.each<[string, ModelPrice, Partial<TokenCounts>, number]>([
    ["a cache write", SONNET, { promptTokens: 2_572, completionTokens: 63, cacheWriteTokens: 2_569 }, 0.01058775],
    [
      "a cache read beside a write",
      SONNET,
      { promptTokens: 2_649, completionTokens: 100, cachedTokens: 2_569, cacheWriteTokens: 79 },
      0.00256995,
    ],
    [
      "another",
      SONNET,
      { promptTokens: 3_329, completionTokens: 53, cachedTokens: 3_211, cacheWriteTokens: 115 },
      0.00219855,
    ],
    ["pictures made", DRAWING, { promptTokens: 5, completionTokens: 1_537, imageOutputTokens: 1_120 }, 0.03422675],
    ["pictures only", DRAWING, { promptTokens: 1_125, completionTokens: 1_120, imageOutputTokens: 1_120 }, 0.03388125],
  ])("S33 %s, to the last digit", (_what, list, counts, billed) => {
    expect(usdOf(list, counts)).toBe(billed);
  });

  test("S33 tokens that are billed as written and as read, to the rounding of a double", () => {
    const counts = { promptTokens: 2_168, completionTokens: 100, cachedTokens: 2_161, cacheWriteTokens: 2_161 };
    expect(usdOf(FLASH, counts)).toBeCloseTo(0.0004970133333333333, 18);
  });
});

describe("the parts of a price", () => {
  const million = 1_000_000;

  test("a part without a price of its own costs what the whole costs", () => {
    const parts = { cachedTokens: 1, cacheWriteTokens: 1, audioTokens: 1 };
    expect(usdOf(price(), { promptTokens: million, ...parts })).toBe(1);
    const answer = { reasoningTokens: 1, audioOutputTokens: 1, imageOutputTokens: 1 };
    expect(usdOf(price(), { completionTokens: million, ...answer })).toBe(10);
  });

  test.each<[string, Partial<ModelPrice>, Partial<TokenCounts>, number]>([
    ["cached tokens", { cacheReadPerMillion: 0.1 }, { promptTokens: million, cachedTokens: million }, 0.1],
    ["written tokens", { cacheWritePerMillion: 1.25 }, { promptTokens: million, cacheWriteTokens: million }, 1.25],
    [
      "tokens written for an hour",
      { cacheWritePerMillion: 1.25, cacheWrite1hPerMillion: 2 },
      { promptTokens: million, cacheWriteTokens: million, cacheWrite1hTokens: 400_000 },
      0.6 * 1.25 + 0.8,
    ],
    ["sound in", { audioPerMillion: 3 }, { promptTokens: million, audioTokens: 500_000 }, 2],
    ["sound out", { audioOutputPerMillion: 64 }, { completionTokens: million, audioOutputTokens: 500_000 }, 37],
    ["thinking", { reasoningPerMillion: 3 }, { completionTokens: million, reasoningTokens: 500_000 }, 6.5],
    ["a request", { perRequest: 0.005 }, {}, 0.005],
    ["three requests", { perRequest: 0.005 }, { requests: 3 }, 0.015],
    ["pictures", { perImage: 0.001238 }, { images: 3 }, 0.003714],
    ["web searches", { perWebSearch: 0.01 }, { webSearches: 2 }, 0.02],
    ["a discount", { discount: 0.1, perRequest: 1 }, { promptTokens: million }, 1.8],
    ["everything for nothing", { discount: 1, perRequest: 1 }, { promptTokens: million }, 0],
  ])("%s", (_what, list, counts, usd) => {
    expect(usdOf(price(list), counts)).toBe(usd);
  });

  test("what is neither read nor written has the plain price, however the two overlap", () => {
    const cached = price({ cacheReadPerMillion: 0, cacheWritePerMillion: 0 });
    const plain = (cachedTokens: number, cacheWriteTokens: number) =>
      usdOf(cached, { promptTokens: 10 * million, cachedTokens, cacheWriteTokens });
    expect([plain(4 * million, 5 * million), plain(4 * million, 6 * million)]).toEqual([1, 0]);
    expect([plain(8 * million, 6 * million), plain(6 * million, 8 * million)]).toEqual([2, 2]);
  });

  test("parts that are told larger than their whole never make a negative sum", () => {
    const count = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        count,
        (promptTokens, completionTokens, cachedTokens, audioTokens, rest) => {
          const counts = { promptTokens, completionTokens, cachedTokens, audioTokens, cacheWriteTokens: rest };
          expect(
            priceOfCall(price(), { ...counts, reasoningTokens: rest, imageOutputTokens: rest }, 0),
          ).toBeGreaterThanOrEqual(0n);
        },
      ),
    );
  });
});

describe("overrides", () => {
  const long = { minPromptTokens: 200_000, promptPerMillion: 2, cacheReadPerMillion: 0.2 };
  const cheapNights = { utcStart: 1630, utcEnd: 30, promptPerMillion: 0.5, completionPerMillion: 5 };

  test("by size: strictly above the threshold, the rest inherited", () => {
    const list = price({ overrides: [long] });
    expect(usdOf(list, { promptTokens: 200_000 })).toBe(0.2);
    expect(usdOf(list, { promptTokens: 200_001, completionTokens: 1_000 })).toBe(0.410002);
    expect(usdOf(list, { promptTokens: 300_000, cachedTokens: 300_000 })).toBe(0.06);
  });

  test.each<[number, number, number]>([
    [16, 29, 1],
    [16, 30, 0.5],
    [23, 59, 0.5],
    [0, 0, 0.5],
    [0, 29, 0.5],
    [0, 30, 1],
    [12, 0, 1],
  ])("by time of day in UTC, over midnight: %i:%i", (hour, minute, usd) => {
    const at = Date.UTC(2026, 10, 23, hour, minute);
    expect(usdOf(price({ overrides: [cheapNights] }), { promptTokens: 1_000_000 }, at)).toBe(usd);
  });

  test("by time of day: the end of a window is outside of it", () => {
    const list = price({ overrides: [{ utcStart: 1200, utcEnd: 1300, promptPerMillion: 3 }] });
    const at = (hour: number, minute: number) =>
      usdOf(list, { promptTokens: 1_000_000 }, Date.UTC(2026, 10, 23, hour, minute));
    expect([at(11, 59), at(12, 0), at(12, 59), at(13, 0)]).toEqual([1, 3, 3, 1]);
  });

  test("among those that apply the later wins, price by price; an unknown condition never applies", () => {
    const list = price({
      overrides: [
        { promptPerMillion: 4, completionPerMillion: 40 },
        { utcStart: 1200, utcEnd: 1300, promptPerMillion: 3 },
        { conditionUnknown: true, promptPerMillion: 0 },
      ],
    });
    expect(usdOf(list, { promptTokens: 1_000_000, completionTokens: 1_000_000 })).toBe(43);
  });
});

describe("exactness", () => {
  const micro = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.integer({ min: 0, max: 12 }));
  const decimal = ([digits, places]: [bigint, number]) => {
    const text = digits.toString().padStart(places + 1, "0");
    return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  };

  test("S33 a sum of many small amounts is their decimal sum, in any order", () => {
    fc.assert(
      fc.property(fc.array(micro, { maxLength: 200 }), (amounts) => {
        const trillionths = amounts.reduce((sum, [digits, places]) => sum + digits * 10n ** BigInt(12 - places), 0n);
        const sum = amounts.reduce((total, amount) => total + (toMoney(decimal(amount)) ?? 0n), 0n);
        expect(sum).toBe(trillionths * 10n ** 12n);
        const numbers = amounts.map((amount) => Number(decimal(amount)));
        expect(addUsd(...numbers)).toBe(addUsd(...numbers.toReversed()));
      }),
    );
  });

  test("S33 a price times tokens is the decimal product", () => {
    const counts = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 8n }),
        counts,
        counts,
        (perTrillion, promptTokens, completionTokens) => {
          const list = price({ promptPerMillion: Number(perTrillion) / 1e6, completionPerMillion: 0.000001 });
          const exact = perTrillion * BigInt(promptTokens) + BigInt(completionTokens);
          expect(priceOfCall(list, { promptTokens, completionTokens }, 0)).toBe(exact * 10n ** 12n);
        },
      ),
    );
  });

  test("S43 the upper bound of a call is never below what any split of its tokens costs", () => {
    const usd = fc.integer({ min: 0, max: 100 });
    const prices = fc.record({
      promptPerMillion: usd,
      completionPerMillion: usd,
      cacheReadPerMillion: fc.option(fc.constant(0.01), { nil: undefined }),
      cacheWritePerMillion: fc.option(usd, { nil: undefined }),
      audioPerMillion: fc.option(usd, { nil: undefined }),
      reasoningPerMillion: fc.option(usd, { nil: undefined }),
      overrides: fc.array(
        fc.record({
          minPromptTokens: fc.integer({ min: 0, max: 20 }),
          promptPerMillion: usd,
          reasoningPerMillion: usd,
        }),
        { maxLength: 3 },
      ),
    });
    const share = fc.integer({ min: 0, max: 10 });
    fc.assert(
      fc.property(prices, share, share, share, (list, cacheWriteTokens, audioTokens, reasoningTokens) => {
        const body = {
          messages: [{ role: "user", content: "ten words of a prompt that is not long" }],
          max_tokens: 10,
        };
        const counts = { promptTokens: 10, completionTokens: 10, cacheWriteTokens, audioTokens, reasoningTokens };
        fc.pre(cacheWriteTokens + audioTokens <= 10);
        expect(worstCaseUsd(body, list)).toBeGreaterThanOrEqual(usdOf(list, counts));
      }),
    );
  });
});

test("the details of a usage object are counted, those of its wire form too", () => {
  const usage = readUsage({
    prompt_tokens: 9,
    completion_tokens: 8,
    prompt_tokens_details: { cached_tokens: 1, cache_write_tokens: 2, audio_tokens: 3 },
    completion_tokens_details: { reasoning_tokens: 4, audio_tokens: 1, image_tokens: 2 },
    server_tool_use_details: { web_search_requests: 1 },
  });
  expect(usage && countsOf(usage)).toEqual({
    promptTokens: 9,
    completionTokens: 8,
    cachedTokens: 1,
    cacheWriteTokens: 2,
    audioTokens: 3,
    reasoningTokens: 4,
    audioOutputTokens: 1,
    imageOutputTokens: 2,
    webSearches: 1,
  });
});

test("a usage object without its wire form, or without details, has the counts that it names", () => {
  const counts = { promptTokens: 9, completionTokens: 8 };
  for (const raw of [undefined, null, "usage", {}, { prompt_tokens_details: null, completion_tokens_details: [] }]) {
    expect(countsOf({ ...counts, totalTokens: 17, raw })).toEqual(counts);
  }
});

test("a count that is none is refused by name", () => {
  for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY])
    expect(() => estimateCost(price(), { promptTokens: 1, completionTokens: bad })).toThrow(
      expect.objectContaining({ code: "invalid_request", detail: expect.stringContaining("completionTokens is") }),
    );
});
