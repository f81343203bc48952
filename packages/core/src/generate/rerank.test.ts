import { describe, expect, test } from "vitest";
import { buildRerankBody, readRerankAnswer } from "./rerank.js";

describe("reranking", () => {
  test("options go out in wire names; the documents are the caller's own", () => {
    const documents = ["x", { text: "y" }];
    const body = buildRerankBody({ query: "q", documents, topN: 1, extraBody: { z: 1 } }, { model: "a/b" });
    expect(body).toEqual({ model: "a/b", query: "q", documents, top_n: 1, z: 1 });
    expect(body.documents).not.toBe(documents);
    expect(buildRerankBody({ query: "q", documents: ["x"] }, { model: "a/b" })).not.toHaveProperty("top_n");
  });

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
});
