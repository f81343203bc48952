import { describe, expect, test } from "vitest";
import type { EmbedInput } from "../src/generate/embed.js";
import type { LLMClient, LLMClientOptions } from "../src/index.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";
import { type Answer, json, upstream } from "./upstream.js";

const vectors = {
  id: "gen-emb-1",
  model: "text-embedding-3-small",
  provider: "OpenAI",
  data: [
    { index: 1, embedding: [2] },
    { index: 0, embedding: [1] },
  ],
  usage: { prompt_tokens: 4, total_tokens: 4, cost: 0.25, is_byok: true, cost_details: { upstream_inference_cost: 1 } },
};
const ranking = {
  id: "gen-rerank-1",
  model: "rerank-v3.5",
  provider: "Cohere",
  results: [{ index: 1, relevance_score: 0.9, document: { text: "y" } }],
  usage: { search_units: 1, cost: 0.001 },
};

const ROADS = {
  embed: (llm: LLMClient, more: object = {}) => llm.embed({ model: "a/b", input: ["x", "y"], ...more }),
  rerank: (llm: LLMClient, more: object = {}) =>
    llm.rerank({ model: "a/b", query: "q", documents: ["x", "y"], ...more }),
};
const roads = Object.keys(ROADS) as (keyof typeof ROADS)[];
const right: Answer = ({ path }, response) => json(response, 200, path.endsWith("rerank") ? ranking : vectors);

describe("embed()", () => {
  test("sends every option under its wire name, in one order, and nothing that was not given", async () => {
    const { llm, requests } = await upstream(right);
    await llm.embed({ model: "a/b", input: ["x", "y"] });
    await llm.embed({
      extraBody: { z: 1, dimensions: 9 },
      trace: { trace_id: "t" },
      routing: { zdr: true, order: ["openai"] },
      user: "ann",
      inputType: "query",
      encodingFormat: "base64",
      dimensions: 8,
      input: ["x", "y"],
      model: "a/b",
      sessionId: "s",
      openRouterCache: { ttlMs: 60_000 },
      headers: { "x-own": "1" },
    });
    const [plain, full] = requests;
    expect([plain?.path, plain?.body]).toEqual(["/api/v1/embeddings", { model: "a/b", input: ["x", "y"] }]);
    expect(full?.text).toBe(
      '{"input":["x","y"],"dimensions":9,"encoding_format":"base64","input_type":"query","model":"a/b","user":"ann",' +
        '"trace":{"trace_id":"t"},"provider":{"order":["openai"],"zdr":true},"z":1}',
    );
    expect(full?.headers).toMatchObject({
      "x-session-id": "s",
      "x-openrouter-cache": "true",
      "x-openrouter-cache-ttl": "60",
      "x-own": "1",
    });
    expect(plain?.headers).not.toHaveProperty("x-session-id");
  });

  test("tells vectors in the order of the inputs, who served them and what they cost", async () => {
    const { llm } = await upstream((_seen, response) =>
      json(response, 200, vectors, { "x-openrouter-cache-status": "MISS", "x-openrouter-cache-ttl": "300" }),
    );
    expect(await ROADS.embed(llm)).toMatchObject({
      embeddings: [[1], [2]],
      model: "text-embedding-3-small",
      servedBy: "OpenAI",
      generationId: "gen-emb-1",
      usage: { promptTokens: 4, completionTokens: 0, totalTokens: 4 },
      cost: { usd: 0.25, upstreamUsd: 1, isByok: true, totalUsd: 1.25, source: "provider" },
      openRouterCache: { status: "miss", ttlMs: 300_000 },
      attempts: [{ number: 1, status: 200 }],
    });
    expect(llm.usage.total).toMatchObject({ requests: 1, promptTokens: 4, totalUsd: 1.25 });
  });

  test.each<[EmbedInput, number]>([
    ["x", 1],
    [[1, 2, 3], 1],
    [[[1], [2]], 2],
    [[{ content: [{ type: "image_url", image_url: { url: "https://a.example/b.png" } }] }], 1],
  ])("sends %j as it is", async (input, count) => {
    const data = Array.from({ length: count }, (_, index) => ({ index, embedding: [index] }));
    const { llm, requests } = await upstream((_seen, response) => json(response, 200, { data }));
    expect((await llm.embed({ model: "a/b", input })).embeddings).toHaveLength(count);
    expect(requests[0]?.body.input).toEqual(input);
  });

  test("refuses what no service takes, before anything is sent", async () => {
    const { llm, requests } = await upstream(right);
    const wrong = [
      { input: "" },
      { input: [] },
      { input: ["x", ""] },
      { input: ["x", undefined] },
      { input: [null] },
      { input: undefined },
      { dimensions: 0 },
      { dimensions: 1.5 },
      { encodingFormat: "hex" },
      { inputType: "" },
      { sessionId: "s".repeat(257) },
      { routing: { zrd: true } },
      { timeouts: { totalMs: -1 } },
      { retry: { maxRetries: 0.5 } },
      { topN: 1 },
    ];
    for (const more of wrong)
      expect((await rejection(ROADS.embed(llm, more))).code, JSON.stringify(more)).toBe("invalid_request");
    expect(requests).toEqual([]);
  });

  test("of fewer vectors than inputs is a failure that says what was paid for", async () => {
    const { llm } = await upstream((_seen, response) => json(response, 200, { ...vectors, data: [vectors.data[1]] }));
    const error = await rejection(ROADS.embed(llm));
    expect([error.code, error.detail, error.generationId, error.attempts.length, llm.usage.total.usd]).toEqual([
      "invalid_response",
      "the answer has 1 embeddings for 2 inputs",
      "gen-emb-1",
      1,
      0.25,
    ]);
  });
});

describe("rerank()", () => {
  test("sends every option under its wire name, in one order", async () => {
    const { llm, requests } = await upstream(right);
    const documents = ["x", { text: "y", image: "https://a.example/b.png" }];
    await llm.rerank({
      topN: 1,
      documents,
      query: "q",
      model: "a/b",
      user: "ann",
      sessionId: "s",
      routing: { only: ["cohere"] },
    });
    expect([requests[0]?.path, requests[0]?.text, requests[0]?.headers["x-session-id"]]).toEqual([
      "/api/v1/rerank",
      '{"query":"q","documents":["x",{"text":"y","image":"https://a.example/b.png"}],"top_n":1,"model":"a/b","user":"ann",' +
        '"provider":{"only":["cohere"]}}',
      "s",
    ]);
  });

  test("tells the best first, and searches where no tokens are counted", async () => {
    const { llm } = await upstream(right);
    const result = await ROADS.rerank(llm);
    expect(result).toMatchObject({
      results: [{ index: 1, score: 0.9, document: { text: "y" } }],
      model: "rerank-v3.5",
      servedBy: "Cohere",
      searchUnits: 1,
      cost: { usd: 0.001 },
      generationId: "gen-rerank-1",
    });
    expect(result.usage).toBeUndefined();
  });

  test("refuses what no service takes, before anything is sent", async () => {
    const { llm, requests } = await upstream(right);
    const wrong = [
      { documents: [] },
      { documents: [5] },
      { documents: undefined },
      { query: undefined },
      { query: 5 },
      { topN: 0 },
    ];
    for (const more of [...wrong, { openRouterCache: true }, { dimensions: 5 }])
      expect((await rejection(ROADS.rerank(llm, more))).code, JSON.stringify(more)).toBe("invalid_request");
    expect(requests).toEqual([]);
  });

  test("of a document that was never given is a failure", async () => {
    const results = [{ index: 7, relevance_score: 1 }];
    const { llm } = await upstream((_seen, response) => json(response, 200, { ...ranking, results }));
    const error = await rejection(ROADS.rerank(llm));
    expect([error.code, error.detail, error.generationId]).toEqual([
      "invalid_response",
      "the answer names document 7, which was not given",
      "gen-rerank-1",
    ]);
  });
});

describe.each(roads)("%s()", (road) => {
  const given = road === "embed" ? "input" : "documents";
  const go = ROADS[road] as (llm: LLMClient, more?: object) => Promise<{ attempts: unknown[] }>;

  test("tries again what may pass, with the same bytes", async () => {
    const { llm, clock, requests } = await upstream((seen, response, count) =>
      count === 1 ? json(response, 529, { error: { code: 529, message: "busy" } }) : right(seen, response, count),
    );
    const running = go(llm);
    await clock.waiting(250);
    clock.advance(250);
    expect((await running).attempts).toMatchObject([{ code: "provider_overloaded", waitedMs: 250 }, { status: 200 }]);
    expect(requests[1]?.text).toBe(requests[0]?.text);
  });

  test.each([
    [401, "authentication"],
    [402, "insufficient_credits"],
    [404, "not_found"],
    [413, "payload_too_large"],
    [429, "rate_limit"],
    [502, "provider_error"],
  ])("reads a status of %i by the one table", async (status, code) => {
    const { llm, requests } = await upstream(
      (_seen, response) => json(response, status, { error: { code: status, message: "Resource is gone" } }),
      { retry: false },
    );
    expect([(await rejection(go(llm))).code, requests.length]).toEqual([code, 1]);
  });

  test("finds an error where the answer should be", async () => {
    const { llm } = await upstream(
      (_seen, response) => json(response, 200, { error: { code: 429, message: "slow down" } }),
      { retry: false },
    );
    expect((await rejection(go(llm))).code).toBe("rate_limit");
  });

  test("an abort while it waits closes the connection", async () => {
    const stopped = new AbortController();
    const closed = Promise.withResolvers<void>();
    const { llm } = await upstream((_seen, response) => {
      response.once("close", closed.resolve);
      stopped.abort();
    });
    expect((await rejection(go(llm, { signal: stopped.signal }))).code).toBe("aborted");
    await closed.promise;
    expect(stopped.signal.aborted).toBe(true);
  });

  test("its clocks run: nothing within the time for all of it is a timeout", async () => {
    const { llm, clock } = await upstream(() => undefined);
    const running = rejection(go(llm, { timeouts: { totalMs: 5_000 } }));
    await clock.waiting(5_000);
    clock.advance(5_000);
    expect(await running).toMatchObject({ code: "timeout", phase: "total" });
  });

  test.each<[string, LLMClientOptions, string]>([
    ["a limit", { limits: { requestsPerMinute: 1, onLimit: "reject" } }, "rate_limit"],
    ["a budget", { budget: { usd: 0.0001, per: "day", unknownPrice: "allow" } }, "budget_exceeded"],
  ])("is held to %s", async (_what, options, code) => {
    const { llm, requests } = await upstream(right, options);
    await go(llm);
    expect([(await rejection(go(llm))).code, requests.length]).toEqual([code, 1]);
  });

  test("takes user and routing of its scope, its own over them", async () => {
    const { llm, requests } = await upstream(right);
    const scoped = llm.scope({ user: "bob", routing: { zdr: true, only: ["a"] } });
    await go(scoped);
    await go(scoped, { user: "ann", routing: { only: ["b"] } });
    await go(scoped, { extraBody: { user: "raw" } });
    expect(requests.map(({ body: { user, provider } }) => [user, provider])).toEqual([
      ["bob", { only: ["a"], zdr: true }],
      ["ann", { only: ["b"], zdr: true }],
      ["raw", { only: ["a"], zdr: true }],
    ]);
  });

  test("is held against what extraBody put into its body", async () => {
    const { llm, requests } = await upstream(right);
    const [one, two] = [
      { input: "x", documents: ["x"] },
      { input: ["x", "y"], documents: ["x", "y"] },
    ];
    await ROADS[road](llm, { [given]: one[given], extraBody: { [given]: two[given] } });
    expect(requests[0]?.body[given]).toEqual(["x", "y"]);
  });

  test("of a provider that cannot is refused", async () => {
    const { llm, provider } = scriptedClient(["x"]);
    const without = {
      name: provider.name,
      chat: provider.chat.bind(provider),
      chatStream: provider.chatStream.bind(provider),
    };
    const { LLMClient } = await import("../src/index.js");
    const error = await rejection(go(new LLMClient({ provider: without, env: false })));
    expect([error.code, error.detail]).toEqual([
      "invalid_request",
      `the provider "${provider.name}" offers no ${road === "embed" ? "embeddings" : "rerank"}`,
    ]);
    await llm.close();
  });
});
