import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatBody } from "../messages/chat-body.js";
import { promptTokensAtMost, worstCaseUsd } from "./worst-case-cost.js";

const PRICE = { promptPerMillion: 1, completionPerMillion: 10 };
const body = (content: string, more: Partial<ChatBody> = {}): ChatBody => ({
  messages: [{ role: "user", content }],
  ...more,
});

describe("the worst case of a call", () => {
  test("S43 the answer counts with max_tokens, else with the model's most, else with 4,096", () => {
    const prompt = promptTokensAtMost(body("hello")) / 1e6;
    expect(worstCaseUsd(body("hello", { max_tokens: 1_000 }), PRICE, 64_000)).toBeCloseTo(prompt + 0.01, 12);
    expect(worstCaseUsd(body("hello", { max_completion_tokens: 500 }), PRICE)).toBeCloseTo(prompt + 0.005, 12);
    expect(worstCaseUsd(body("hello"), PRICE, 2_000)).toBeCloseTo(prompt + 0.02, 12);
    expect(worstCaseUsd(body("hello"), PRICE)).toBeCloseTo(prompt + 0.04096, 12);
    expect(worstCaseUsd(body("hello", { max_tokens: 100, n: 3 }), PRICE)).toBeCloseTo(prompt + 0.003, 12);
  });

  test("a price that somebody changes counts as it is; one that nobody can change, as it was", () => {
    const changing = { ...PRICE };
    const fixed = Object.freeze({ ...PRICE });
    const before = [changing, fixed].map((price) => worstCaseUsd(body("hello"), price));
    changing.completionPerMillion = 20;
    const [changed, kept] = [changing, fixed].map((price) => worstCaseUsd(body("hello"), price));
    expect(changed).toBeCloseTo((before[0] ?? 0) + 0.04096, 12);
    expect(kept).toBe(before[1]);
  });

  test("fees a request and dearer cache writes are in it; without a price there is none", () => {
    const call = body("hello", { max_tokens: 1 });
    const plain = worstCaseUsd(call, PRICE) ?? 0;
    expect(worstCaseUsd(call, { ...PRICE, perRequest: 0.5 })).toBeCloseTo(plain + 0.5, 12);
    expect(worstCaseUsd(call, { ...PRICE, cacheWritePerMillion: 1.25 })).toBeGreaterThan(plain);
    expect(worstCaseUsd(call, undefined)).toBeUndefined();
    expect(worstCaseUsd(call, { promptPerMillion: 0, completionPerMillion: 0 })).toBe(0);
  });

  test("the dearer price of an hour's cache counts where a mark asks for it", () => {
    const dear = { ...PRICE, cacheWritePerMillion: 1.25, cacheWrite1hPerMillion: 2 };
    const hour = { type: "ephemeral", ttl: "1h" };
    const text = { type: "text", text: "hello" };
    const user = (part: object): ChatBody => ({ messages: [{ role: "user", content: [part as typeof text] }] });
    const ratio = (call: ChatBody) => {
      const usd = worstCaseUsd({ ...call, max_tokens: 1 }, { ...dear, completionPerMillion: 0 }) ?? 0;
      return usd / (promptTokensAtMost(call) / 1e6);
    };
    expect(ratio(user(text))).toBeCloseTo(1.25, 9);
    expect(ratio(user({ ...text, cache_control: { type: "ephemeral" } }))).toBeCloseTo(1.25, 9);
    expect(ratio(user({ ...text, cache_control: hour }))).toBeCloseTo(2, 9);
    expect(ratio({ ...user(text), cache_control: hour })).toBeCloseTo(2, 9);
    expect(ratio({ ...user(text), tools: [{ type: "function", cache_control: hour }] })).toBeCloseTo(2, 9);
  });

  test("pictures and a web search that the price names are in it", () => {
    const image = { type: "image_url" as const, image_url: { url: "https://example.com/a.png" } };
    const call: ChatBody = { messages: [{ role: "user", content: [image, image] }], max_tokens: 1 };
    const plain = worstCaseUsd(call, PRICE) ?? 0;
    expect(worstCaseUsd(call, { ...PRICE, perImage: 0.25 })).toBeCloseTo(plain + 0.5, 12);
    const searching = { ...PRICE, perWebSearch: 0.125 };
    expect(worstCaseUsd(call, searching)).toBeCloseTo(plain, 12);
    for (const asked of [{ plugins: [{ id: "web" }] }, { model: "a/b:online" }, { web_search_options: {} }])
      expect(worstCaseUsd({ ...call, ...asked }, searching)).toBeCloseTo(plain + 0.125, 12);
  });

  test("the inputs of /responses and /messages are bounded like those of chat", () => {
    const base64 = "A".repeat(400_000);
    const parts = [
      { type: "input_text", text: "hello" },
      { type: "input_image", image_url: `data:image/png;base64,${base64}` },
      { type: "image", source: { type: "base64", data: base64 } },
    ];
    const pictures = promptTokensAtMost({ input: [{ role: "user", content: parts }] });
    expect(pictures).toBeGreaterThanOrEqual(8_000);
    expect(pictures).toBeLessThan(9_000);
    for (const part of [
      { type: "input_file", file_data: base64 },
      { type: "document", source: { data: base64 } },
      { type: "file", file: { file_data: base64 } },
    ])
      expect(promptTokensAtMost({ input: [{ role: "user", content: [part] }] }), part.type).toBeGreaterThanOrEqual(1e5);
    expect(promptTokensAtMost({ input: "hello", system: "x".repeat(300) })).toBeGreaterThanOrEqual(100);
    expect(worstCaseUsd({ input: "", max_output_tokens: 100 }, PRICE, 64_000)).toBeCloseTo(0.001, 12);
  });

  test("other scripts count more a character, pictures a fixed bound, tools and schemas too", () => {
    expect(promptTokensAtMost(body("请解释什么是机器学习"))).toBeGreaterThanOrEqual(10);
    expect(promptTokensAtMost(body("x".repeat(3_000)))).toBeGreaterThanOrEqual(1_000);
    const image = { type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(1_000_000)}` } };
    const picture: ChatBody = { messages: [{ role: "user", content: [image] }] };
    expect(promptTokensAtMost(picture)).toBeGreaterThanOrEqual(1_000);
    expect(promptTokensAtMost(picture)).toBeLessThan(10_000);
    const tools = [
      { type: "function", function: { name: "f", parameters: { type: "object", description: "x".repeat(300) } } },
    ];
    expect(promptTokensAtMost(body("x", { tools }))).toBeGreaterThan(promptTokensAtMost(body("x")) + 100);
  });

  test("more text never costs less, however deep it is nested", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(promptTokensAtMost(body(a + b))).toBeGreaterThanOrEqual(promptTokensAtMost(body(a)));
      }),
    );
    let deep: unknown = "x";
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(promptTokensAtMost({ ...body("x"), tools: [deep] })).toBeGreaterThan(0);
  });
});
