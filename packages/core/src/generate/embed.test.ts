import { describe, expect, test } from "vitest";
import { countInputs, readEmbedAnswer } from "./embed.js";

describe("embeddings", () => {
  test("vectors stand in the order of the inputs; base64 is decoded", () => {
    const floats = Buffer.alloc(8);
    floats.writeFloatLE(0.5, 0);
    floats.writeFloatLE(-2, 4);
    const body = {
      id: "gen-1",
      model: "a/b-dated",
      data: [
        { index: 1, embedding: [1, 2] },
        { index: 0, embedding: floats.toString("base64") },
      ],
      usage: { prompt_tokens: 4, total_tokens: 4, cost: 0.000001 },
    };
    expect(readEmbedAnswer(body, "a/b")).toMatchObject({
      embeddings: [
        [0.5, -2],
        [1, 2],
      ],
      model: "a/b-dated",
      generationId: "gen-1",
      usage: { promptTokens: 4, completionTokens: 0, totalTokens: 4 },
      cost: { usd: 0.000001, source: "provider" },
      raw: body,
    });
    expect(readEmbedAnswer({ data: [{ embedding: [1] }] }, "a/b").model).toBe("a/b");
  });

  test("an answer without vectors is no answer", () => {
    for (const body of [
      null,
      {},
      { data: {} },
      { data: [{}] },
      { data: [{ embedding: ["1"] }] },
      { data: [{ embedding: "AAA" }] },
    ]) {
      expect(() => readEmbedAnswer(body, "a/b")).toThrow(expect.objectContaining({ code: "invalid_response" }));
    }
  });

  test("every input gets its vector, and the answer says whose is whose", () => {
    const row = (index: number | undefined) => ({ embedding: [1], index });
    const read = (indices: (number | undefined)[], inputs?: number) =>
      readEmbedAnswer({ data: indices.map(row) }, "a/b", inputs).embeddings.length;
    expect([read([1, 0], 2), read([undefined, undefined], 2), read([0, 1, 2])]).toEqual([2, 2, 3]);
    for (const [indices, inputs] of [
      [[0], 2],
      [[0, 1], 1],
      [[], 1],
      [[0, 0], 2],
      [[1, 2], 2],
      [[-1, 0], 2],
    ] as const)
      expect(() => read([...indices], inputs), String(indices)).toThrow(
        expect.objectContaining({ code: "invalid_response" }),
      );
  });

  test("one text and one list of tokens are one input each", () => {
    const inputs = ["x", [1, 2, 3], ["x", "y"], [[1], [2]], [{ content: [{ type: "text", text: "x" }] }]] as const;
    expect(inputs.map((input) => countInputs(input))).toEqual([1, 1, 2, 2, 1]);
  });
});
