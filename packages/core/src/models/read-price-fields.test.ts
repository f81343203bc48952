import { expect, test } from "vitest";
import { readPrice } from "./read-price.js";

const FREE = { prompt: "0", completion: "0" };
const PRICE = { promptPerMillion: 0, completionPerMillion: 0 };
const override = (fields: object) => readPrice({ ...FREE, overrides: [{ prompt: "0.000001", ...fields }] })?.overrides;

test("what is no pricing, or lacks one of the two prices, is no price", () => {
  for (const none of [undefined, null, "x", [], {}, { prompt: "0" }, { completion: "0" }, { ...FREE, prompt: "-1" }]) {
    expect(readPrice(none)).toBeUndefined();
  }
});

test("prices are numbers or decimal strings", () => {
  expect(readPrice({ prompt: 0.000001, completion: "0.000002" })).toStrictEqual({
    promptPerMillion: 1,
    completionPerMillion: 2,
  });
  for (const odd of [["0.1"], true, { usd: 1 }, null]) {
    expect(readPrice({ ...FREE, prompt: odd })).toBeUndefined();
    expect(readPrice({ ...FREE, audio: odd })).toStrictEqual(PRICE);
  }
});

test("what has no price of its own is left out", () => {
  expect(readPrice({ ...FREE, audio: "0", image: "0", request: "x", discount: 0 })).toStrictEqual(PRICE);
});

test("a discount is a share of up to the whole", () => {
  expect(readPrice({ ...FREE, discount: 1 })?.discount).toBe(1);
  for (const odd of [1.01, -0.1, "0.5", null]) expect(readPrice({ ...FREE, discount: odd })).toStrictEqual(PRICE);
});

test("overrides that are no list are none", () => {
  for (const odd of [{ prompt: "1" }, "x", null, []])
    expect(readPrice({ ...FREE, overrides: odd })).toStrictEqual(PRICE);
});

test("an override holds what it tells and nothing else", () => {
  expect(override({})).toStrictEqual([{ promptPerMillion: 1 }]);
  expect(override({ input_audio_cache: "1", image_token: "1", request: "1" })).toStrictEqual([{ promptPerMillion: 1 }]);
  expect(override({ utc_start: 0, utc_end: 2400, min_prompt_tokens: 0 })).toStrictEqual([
    { promptPerMillion: 1, minPromptTokens: 0, utcStart: 0, utcEnd: 2400 },
  ]);
});

test("times that no clock shows are conditions that are not understood", () => {
  expect(override({ utc_start: 2359, utc_end: 1259 })).toStrictEqual([
    { promptPerMillion: 1, utcStart: 2359, utcEnd: 1259 },
  ]);
  for (const odd of [2401, 2500, 60, 1260, 1299, 12.5, -1, "1200"]) {
    expect(override({ utc_start: odd }), String(odd)).toStrictEqual([{ promptPerMillion: 1, conditionUnknown: true }]);
    expect(override({ utc_end: odd }), String(odd)).toStrictEqual([{ promptPerMillion: 1, conditionUnknown: true }]);
  }
  expect(override({ min_prompt_tokens: "many" })).toStrictEqual([{ promptPerMillion: 1, conditionUnknown: true }]);
});
