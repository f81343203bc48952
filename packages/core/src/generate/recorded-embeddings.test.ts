import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEmbedAnswer } from "./embed.js";
import { readRerankAnswer } from "./rerank.js";

interface Recorded {
  request: { path: string };
  response: { body: string };
  expect: {
    status: number;
    model?: string;
    embeddings?: number;
    dims?: number[];
    results?: [index: number, score: number][];
    usage?: { promptTokens?: number; totalTokens?: number; cost?: number };
  };
}

const folder = new URL("../../../../../shared/corpus/", import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
const recorded = (path: RegExp) =>
  files
    .map((file): [string, Recorded] => [file, JSON.parse(readFileSync(new URL(file, folder), "utf8"))])
    .filter(([, { request, expect: wanted }]) => path.test(request.path) && wanted.status === 200);

describe.skipIf(files.length === 0)("recorded answers other than chat", () => {
  test("every recorded embedding is read", () => {
    const recordings = recorded(/\/embeddings$/);
    expect(recordings.length).toBeGreaterThan(0);
    for (const [file, { response, expect: wanted }] of recordings) {
      const answer = readEmbedAnswer(JSON.parse(response.body), "asked");
      expect(
        {
          model: answer.model,
          embeddings: answer.embeddings.length,
          dims: [...new Set(answer.embeddings.map((vector) => vector.length))],
          cost: answer.cost?.usd,
          totalTokens: answer.usage?.totalTokens,
        },
        file,
      ).toEqual({
        model: wanted.model,
        embeddings: wanted.embeddings,
        dims: [...new Set(wanted.dims)],
        cost: wanted.usage?.cost,
        totalTokens: wanted.usage?.totalTokens,
      });
    }
  });

  test("every recorded rerank is read", () => {
    const recordings = recorded(/\/rerank$/);
    expect(recordings.length).toBeGreaterThan(0);
    for (const [file, { response, expect: wanted }] of recordings) {
      const answer = readRerankAnswer(JSON.parse(response.body), "asked");
      expect(
        answer.results.map(({ index, score }) => [index, score]),
        file,
      ).toEqual(wanted.results);
      expect(answer.cost?.usd, file).toBe(wanted.usage?.cost);
    }
  });
});
