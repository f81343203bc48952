import { describe, expect, test } from "vitest";
import { promptTokensAtMost, worstCaseUsd } from "./worst-case-cost.js";

const PER_MESSAGE = 8;
const ofMessage = (message: unknown) => promptTokensAtMost({ messages: [message] }) - PER_MESSAGE;
const ofText = (text: string) => ofMessage({ content: text });
const ofPart = (part: unknown) => ofMessage({ content: [part] });
const ofTools = (tools: unknown) => promptTokensAtMost({ tools });
const nested = (levels: number, wrap: (inner: unknown) => unknown) =>
  Array.from({ length: levels }).reduce((inner: unknown) => wrap(inner), "xxx");

describe("tokens of text", () => {
  test.each([..." 09azAZ"])("letters, digits and spaces like %j: a third each", (sign) => {
    expect(ofText(sign.repeat(3))).toBe(1);
  });
  test.each([..."\t\n!/:;@[`{|~\u0080ßé߿"])("signs and accents like %j: one each", (sign) => {
    expect(ofText(sign.repeat(6))).toBe(6);
  });
  test.each([..."\u0800請日\uffff"])("signs of other scripts like %j: one and a half each", (sign) => {
    expect(ofText(sign.repeat(6))).toBe(9);
  });
  test("parts of a token count as a whole one", () => {
    expect([ofText(""), ofText("a"), ofText("a!")]).toEqual([0, 1, 2]);
  });
});

describe("tokens of a request", () => {
  test("no message, none; each message 8, whatever is in it", () => {
    expect([promptTokensAtMost({}), promptTokensAtMost({ messages: "hello" })]).toEqual([0, 0]);
    expect(promptTokensAtMost({ messages: [null, {}, { content: null }, { content: "xxx" }] })).toBe(
      4 * PER_MESSAGE + 1,
    );
  });
  test("messages of another endpoint's input count like those of a chat", () => {
    const input = ["xxx", { content: [{ type: "input_text", text: "" }] }, { content: "xxx" }];
    expect(promptTokensAtMost({ input })).toBe(promptTokensAtMost({ messages: input }));
    expect(promptTokensAtMost({ messages: ["xxx", "yyyyyy"] })).toBe(2 * PER_MESSAGE + 3);
  });
  test("what stands beside the content counts too, names and values", () => {
    expect(ofMessage({ rol: "use", content: "xxx" })).toBe(3);
    expect(ofMessage({ rol: [1, true, false, null, undefined, "xxx"] })).toBe(1 + 2 + 2 + 2 + 1);
  });
  test("of the fields beside the messages, those that a model reads", () => {
    for (const field of ["tools", "response_format", "prompt", "input", "instructions", "query", "documents"]) {
      expect(promptTokensAtMost({ [field]: "xxx" }), field).toBe(1);
    }
    expect(promptTokensAtMost({ model: "xxx", metadata: { a: "xxx" } })).toBe(0);
  });
  test("what is nested deeper than 64 levels is not looked at", () => {
    expect([ofTools(nested(65, (inner) => [inner])), ofTools(nested(66, (inner) => [inner]))]).toEqual([1, 0]);
    const named = (levels: number) => ofTools(nested(levels, (inner) => ({ xxx: inner })));
    expect([named(2), named(65) - named(64), named(66) - named(65)]).toEqual([3, 1, -1]);
  });
});

describe("tokens of a part", () => {
  test("a text counts by its signs, all parts together", () => {
    expect(ofPart({ xxx: "xxx" })).toBe(2);
    expect(ofMessage({ content: ["xxx", "xxx", null] })).toBe(2);
  });
  test.each([
    ["image_url", 4_000],
    ["input_audio", 5_000],
    ["video_url", 60_000],
    ["input_video", 60_000],
    ["input_image", 4_000],
    ["image", 4_000],
    ["file", 20_000],
    ["input_file", 20_000],
    ["document", 20_000],
  ])("%s counts %d, whatever its data", (type, tokens) => {
    expect(ofPart({ type, [type]: { url: "x".repeat(900_000) } })).toBe(tokens);
  });
  test("a document counts at least a token for four characters", () => {
    const file = (length: number) => ofPart({ type: "file", file: { file_data: "A".repeat(length) } });
    expect([file(0), file(80_000), file(80_004), file(400_000)]).toEqual([20_000, 20_000, 20_001, 100_000]);
    expect([ofPart({ type: "file", file: { file_data: 7 } }), ofPart({ type: "file" })]).toEqual([20_000, 20_000]);
    const data = "A".repeat(400_000);
    expect(ofPart({ type: "input_file", file_data: data })).toBe(100_000);
    expect(ofPart({ type: "document", source: { data } })).toBe(100_000);
    expect([ofPart({ type: "document", file_data: data }), ofPart({ type: "input_file", source: { data } })]).toEqual([
      20_000, 20_000,
    ]);
  });
  test("a type that only objects know is text like any other", () => {
    for (const type of ["constructor", "__proto__", "xxx"]) expect(ofPart({ type })).toBeLessThan(20);
    expect(ofPart({ type: ["image_url"] })).toBeLessThan(20);
  });
});

describe("tokens of the answer", () => {
  const PRICE = { promptPerMillion: 0, completionPerMillion: 1_000_000 };
  const answer = (body: Record<string, unknown>, most?: number) => worstCaseUsd(body, PRICE, most);
  test("the larger of the two limits, else the model's own, else 4,096", () => {
    expect([
      answer({ max_tokens: 5, max_completion_tokens: 7 }),
      answer({ max_tokens: 7, max_completion_tokens: 5 }),
    ]).toEqual([7, 7]);
    expect([answer({ max_tokens: 5 }, 9), answer({}, 9), answer({})]).toEqual([5, 9, 4_096]);
  });
  test("parts count as whole ones, and what is no number above 0 does not limit", () => {
    expect(answer({ max_tokens: 4.2 })).toBe(5);
    for (const none of [0, -1, "5", true, [5], null, Number.NaN, Number.POSITIVE_INFINITY])
      expect(answer({ max_tokens: none }, 9), String(none)).toBe(9);
  });
  test("each of several answers", () => {
    expect([answer({ max_tokens: 5, n: 3 }), answer({ max_tokens: 5, n: 0 }), answer({ n: 2 })]).toEqual([
      15, 5, 8_192,
    ]);
  });
});
