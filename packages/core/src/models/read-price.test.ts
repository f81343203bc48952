import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dearestPrices } from "./price-conditions.js";
import { readPrice } from "./read-price.js";

describe("reading wire prices", () => {
  test("S33 every kind, exact, in USD per million", () => {
    expect(
      readPrice({
        prompt: "0.000003",
        completion: "0.000015",
        input_cache_read: "0.0000003",
        input_cache_write: "0.00000375",
        input_cache_write_1h: "0.000006",
        audio: "0.000001",
        audio_output: "0.000064",
        image_output: "0.00003",
        internal_reasoning: "0.000002",
        request: "0.005",
        image: "0.001238",
        web_search: "0.01",
        discount: 0.25,
        overrides: [
          { min_prompt_tokens: 200_000, prompt: "0.000006", input_cache_read: "0.0000006" },
          { utc_start: 1630, utc_end: 30, completion: "0.0000075" },
        ],
      }),
    ).toEqual({
      promptPerMillion: 3,
      completionPerMillion: 15,
      cacheReadPerMillion: 0.3,
      cacheWritePerMillion: 3.75,
      cacheWrite1hPerMillion: 6,
      audioPerMillion: 1,
      audioOutputPerMillion: 64,
      imageOutputPerMillion: 30,
      reasoningPerMillion: 2,
      perRequest: 0.005,
      perImage: 0.001238,
      perWebSearch: 0.01,
      discount: 0.25,
      overrides: [
        { minPromptTokens: 200_000, promptPerMillion: 6, cacheReadPerMillion: 0.6 },
        { utcStart: 1630, utcEnd: 30, completionPerMillion: 7.5 },
      ],
    });
  });

  test("a 0 beside a price is no price of its own, in an override it is one", () => {
    expect(
      readPrice({
        prompt: "0.000001",
        completion: "0.000002",
        internal_reasoning: "0",
        input_cache_read: "0",
        image: "0",
        discount: 0,
        overrides: [{ min_prompt_tokens: 1, input_cache_read: "0" }],
      }),
    ).toEqual({
      promptPerMillion: 1,
      completionPerMillion: 2,
      overrides: [{ minPromptTokens: 1, cacheReadPerMillion: 0 }],
    });
  });

  test.each([
    [{ utc_days: [0, 6], prompt: "0.1" }],
    [{ min_prompt_tokens: "many", prompt: "0.1" }],
    [{ utc_start: 2_561, prompt: "0.1" }],
    [{ utc_end: 1_275, prompt: "0.1" }],
  ])("a condition that is not understood is marked: %o", (override) => {
    const price = readPrice({ prompt: "0", completion: "0", overrides: [override] });
    expect(price?.overrides).toMatchObject([{ conditionUnknown: true, promptPerMillion: 100_000 }]);
  });

  test("an override without a price, and one that is no object, are none", () => {
    expect(readPrice({ prompt: "0", completion: "0", overrides: [{ min_prompt_tokens: 5 }, 7, null] })).toEqual({
      promptPerMillion: 0,
      completionPerMillion: 0,
    });
  });

  test("whatever comes, reading never throws and every price is a number of 0 or more", () => {
    const names = ["prompt", "completion", "audio", "image", "request", "discount", "overrides", "input_cache_read"];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.anything()), (wire) => {
        const { overrides: _overrides, ...figures } = readPrice({ prompt: "0.1", completion: "1", ...wire }) ?? {};
        expect(Object.values(figures).every((figure) => typeof figure === "number" && figure >= 0)).toBe(true);
      }),
    );
  });
});

test("the dearest prices look at the size, and at every time and condition", () => {
  const price = {
    promptPerMillion: 1,
    completionPerMillion: 2,
    overrides: [
      { minPromptTokens: 100, promptPerMillion: 5 },
      { utcStart: 100, utcEnd: 200, completionPerMillion: 9 },
      { conditionUnknown: true as const, cacheWritePerMillion: 7 },
      { promptPerMillion: 0.5 },
    ],
  };
  expect(dearestPrices(price, 100)).toMatchObject({
    promptPerMillion: 1,
    completionPerMillion: 9,
    cacheWritePerMillion: 7,
  });
  expect(dearestPrices(price, 101)).toMatchObject({ promptPerMillion: 5 });
});
