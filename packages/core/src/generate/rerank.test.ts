import { describe, expect, test } from "vitest";
import { readRerankAnswer } from "./rerank.js";

describe("reranking", () => {
  test("results stand best first", () => {
    const body = {
      id: "gen-1",
      model: "voyageai/rerank-2.5-lite",
      provider: "Voyage",
      results: [
        { index: 1, relevance_score: 0.2, document: { text: "y" } },
        { index: 0, relevance_score: 0.9 },
      ],
      usage: { cost: 0.00001, search_units: 1, total_tokens: 12 },
    };
    expect(readRerankAnswer(body, "a/b")).toMatchObject({
      results: [
        { index: 0, score: 0.9 },
        { index: 1, score: 0.2, document: { text: "y" } },
      ],
      model: "voyageai/rerank-2.5-lite",
      servedBy: "Voyage",
      generationId: "gen-1",
      usage: { totalTokens: 12 },
      searchUnits: 1,
      cost: { usd: 0.00001 },
    });
  });

  test("a row without index or score is no result", () => {
    for (const body of [
      null,
      {},
      { results: [{}] },
      { results: [{ index: 0.5, relevance_score: 1 }] },
      { results: [{ index: 0 }] },
    ]) {
      expect(() => readRerankAnswer(body, "a/b")).toThrow(expect.objectContaining({ code: "invalid_response" }));
    }
  });

  test("a document named twice, or never given, is no result", () => {
    const read = (indices: number[], documents?: number) =>
      readRerankAnswer({ results: indices.map((index) => ({ index, relevance_score: 0.5 })) }, "a/b", documents);
    expect(read([1, 0], 2).results.map(({ index }) => index)).toEqual([1, 0]);
    expect(read([5]).results).toHaveLength(1);
    for (const [indices, documents] of [
      [[0, 0], 2],
      [[2], 2],
      [[-1], 2],
      [[-1], undefined],
    ] as const)
      expect(() => read([...indices], documents), String(indices)).toThrow(
        expect.objectContaining({ code: "invalid_response" }),
      );
  });
});
