import { describe, expect, test } from "vitest";
import { buildEmbedBody, readEmbedAnswer } from "./embed.js";

describe("embeddings", () => {
  test("options go out in wire names, nothing that was not given", () => {
    expect(buildEmbedBody({ input: "x", model: "ignored" }, { model: "a/b" })).toEqual({ model: "a/b", input: "x" });
    expect(
      buildEmbedBody(
        {
          input: ["x", "y"],
          dimensions: 8,
          encodingFormat: "base64",
          inputType: "query",
          user: "ann",
          extraBody: { dimensions: 9, z: 1 },
        },
        { model: "a/b", provider: { order: ["openai"] } },
      ),
    ).toEqual({
      model: "a/b",
      input: ["x", "y"],
      dimensions: 9,
      encoding_format: "base64",
      input_type: "query",
      user: "ann",
      provider: { order: ["openai"] },
      z: 1,
    });
  });

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
});
