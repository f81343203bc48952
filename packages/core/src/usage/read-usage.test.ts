import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addUsage, readUsage, usageOfGeneration } from "./read-usage.js";

describe("reading usage", () => {
  test("S43 tokens and their details are read", () => {
    const raw = {
      prompt_tokens: 30,
      completion_tokens: 26,
      total_tokens: 56,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 25 },
    };
    expect(readUsage(raw)).toEqual({
      promptTokens: 30,
      completionTokens: 26,
      totalTokens: 56,
      cachedTokens: 4,
      cacheWriteTokens: 2,
      reasoningTokens: 25,
      raw,
    });
  });

  test("a generation look-up tells the provider's own counts, else OpenRouter's", () => {
    const data = {
      tokens_prompt: 1,
      tokens_completion: 2,
      native_tokens_prompt: 10,
      native_tokens_completion: 20,
      native_tokens_cached: 3,
      native_tokens_reasoning: 4,
    };
    expect(usageOfGeneration({ ...data, user_agent: "x" })).toEqual({
      promptTokens: 10,
      completionTokens: 20,
      totalTokens: 30,
      cachedTokens: 3,
      reasoningTokens: 4,
      raw: {
        prompt_tokens: 10,
        completion_tokens: 20,
        prompt_tokens_details: { cached_tokens: 3 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
    });
    expect(usageOfGeneration({ tokens_prompt: 1, tokens_completion: 2, native_tokens_prompt: null })).toMatchObject({
      promptTokens: 1,
      totalTokens: 3,
    });
    for (const none of [undefined, null, {}, []]) expect(usageOfGeneration(none)).toBeUndefined();
  });

  test("zeros are numbers, null details are none", () => {
    const raw = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, prompt_tokens_details: null };
    expect(readUsage(raw)).toEqual({ promptTokens: 0, completionTokens: 0, totalTokens: 0, raw });
  });

  test("a missing total is the sum, missing parts follow from the total", () => {
    expect(readUsage({ prompt_tokens: 3, completion_tokens: 4 })?.totalTokens).toBe(7);
    expect(readUsage({ total_tokens: 9 })).toMatchObject({ promptTokens: 9, completionTokens: 0, totalTokens: 9 });
    expect(readUsage({ prompt_tokens: 8, total_tokens: 8 })).toMatchObject({ completionTokens: 0, totalTokens: 8 });
    expect(readUsage({ prompt_tokens: 3, total_tokens: 8 })).toMatchObject({ completionTokens: 5, totalTokens: 8 });
    expect(readUsage({ prompt_tokens: 9, total_tokens: 8 })).toMatchObject({ completionTokens: 0, totalTokens: 8 });
    expect(readUsage({ prompt_tokens: 9 })).toMatchObject({ promptTokens: 9, completionTokens: 0, totalTokens: 9 });
    const raw = { completion_tokens: 3 };
    expect(readUsage(raw)).toStrictEqual({ promptTokens: 0, completionTokens: 3, totalTokens: 3, raw });
    expect(readUsage({ completion_tokens: 3, total_tokens: 8 })).toMatchObject({ promptTokens: 5 });
    expect(readUsage({ completion_tokens: 9, total_tokens: 8 })).toMatchObject({ promptTokens: 0 });
  });

  test("malformed counts are dropped", () => {
    const infinite: unknown = JSON.parse("1e999");
    for (const bad of ["12", infinite, Number.NaN, -1, 1.5, null, {}, 2 ** 60]) {
      expect(readUsage({ prompt_tokens: bad }), String(bad)).toBeUndefined();
      expect(readUsage({ prompt_tokens: 1, completion_tokens: bad }), String(bad)).toMatchObject({ totalTokens: 1 });
    }
    for (const none of [undefined, null, "usage", 7, []]) expect(readUsage(none)).toBeUndefined();
  });

  test("whatever comes, every count is a whole number of 0 or more", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (prompt, completion, total) => {
        const usage = readUsage({ prompt_tokens: prompt, completion_tokens: completion, total_tokens: total });
        const counts = usage ? [usage.promptTokens, usage.completionTokens, usage.totalTokens] : [];
        expect(counts.every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
      }),
    );
  });

  test("two usages add up; details that neither has stay away", () => {
    const first = readUsage({ prompt_tokens: 1, completion_tokens: 2 });
    const second = readUsage({
      prompt_tokens: 3,
      completion_tokens: 4,
      completion_tokens_details: { reasoning_tokens: 1 },
    });
    expect(addUsage(first, second)).toEqual({
      promptTokens: 4,
      completionTokens: 6,
      totalTokens: 10,
      reasoningTokens: 1,
      raw: second?.raw,
    });
    expect(addUsage(second, first)?.reasoningTokens).toBe(1);
    expect(addUsage(first, first)).toStrictEqual({
      promptTokens: 2,
      completionTokens: 4,
      totalTokens: 6,
      raw: first?.raw,
    });
    expect(addUsage(first, undefined)).toBe(first);
    expect(addUsage(undefined, undefined)).toBeUndefined();
  });
});
