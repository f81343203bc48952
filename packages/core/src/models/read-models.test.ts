import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEndpoints, readModels } from "./read-models.js";

const row = {
  id: "anthropic/claude-sonnet-4.5",
  name: "Anthropic: Claude Sonnet 4.5",
  created: 1_759_161_676,
  context_length: 1_000_000,
  architecture: { input_modalities: ["text", "image"], output_modalities: ["text"] },
  pricing: { prompt: "0.000003", completion: "0.000015", input_cache_read: "0.0000003", request: "0" },
  top_provider: { max_completion_tokens: 64_000 },
  supported_parameters: ["tools", "structured_outputs"],
};

describe("reading the live list", () => {
  test("S45 a row is read with exact prices", () => {
    expect(readModels({ data: [row] })).toEqual([
      {
        id: "anthropic/claude-sonnet-4.5",
        name: "Anthropic: Claude Sonnet 4.5",
        created: 1_759_161_676,
        contextLength: 1_000_000,
        maxCompletionTokens: 64_000,
        inputModalities: ["text", "image"],
        outputModalities: ["text"],
        supportedParameters: ["tools", "structured_outputs"],
        price: { promptPerMillion: 3, completionPerMillion: 15, cacheReadPerMillion: 0.3 },
        raw: row,
      },
    ]);
  });

  test("what else a row tells: its dated name, how it thinks, and until when it is served", () => {
    const more = {
      ...row,
      canonical_slug: "anthropic/claude-4.5-sonnet-20250929",
      alias_target: { slug: "anthropic/claude-sonnet-4.5", name: "x" },
      expiration_date: "2026-12-31T00:00:00Z",
      knowledge_cutoff: "2025-07-31",
      top_provider: { is_moderated: false },
      reasoning: { mandatory: true, default_enabled: true, default_effort: "high", supported_efforts: ["high", "low"] },
    };
    expect(readModels({ data: [more] })).toMatchObject([
      {
        canonicalSlug: "anthropic/claude-4.5-sonnet-20250929",
        aliasOf: "anthropic/claude-sonnet-4.5",
        expirationDate: "2026-12-31",
        knowledgeCutoff: "2025-07-31",
        isModerated: false,
        reasoning: { mandatory: true, defaultEnabled: true, defaultEffort: "high", supportedEfforts: ["high", "low"] },
      },
    ]);
    const [bare] = readModels({ data: [{ id: "a/b", reasoning: {}, expiration_date: null, alias_target: null }] });
    expect(bare).toMatchObject({ reasoning: { mandatory: false, defaultEnabled: false } });
    expect(Object.keys(bare ?? {})).not.toContain("expirationDate");
  });

  test("a router has no price, rows without an id are left out, an id is enough", () => {
    const models = readModels({
      data: [
        { id: "openrouter/auto", pricing: { prompt: "-1", completion: "-1" } },
        { name: "no id" },
        null,
        7,
        { id: "llama3" },
      ],
    });
    expect(models.map(({ id, price }) => [id, price])).toEqual([
      ["openrouter/auto", undefined],
      ["llama3", undefined],
    ]);
  });

  test("an answer without any model is no list", () => {
    for (const body of [undefined, null, [], {}, { data: {} }, { data: [] }, { data: [{}] }, "x"]) {
      expect(() => readModels(body)).toThrow(expect.objectContaining({ code: "invalid_response" }));
    }
  });

  test("whatever a row holds, reading never throws and prices are finite", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(row)), fc.anything()), (fields) => {
        const [model] = readModels({ data: [{ ...fields, id: "a/b" }] });
        expect(model?.id).toBe("a/b");
        expect(Number.isFinite(model?.price?.promptPerMillion ?? 0)).toBe(true);
      }),
    );
  });
});

describe("reading endpoints", () => {
  test("each offer with its tag and price", () => {
    const endpoint = {
      provider_name: "Amazon Bedrock",
      tag: "amazon-bedrock/us-east-1",
      context_length: 200_000,
      pricing: { prompt: 0.00000025, completion: "0.00000125" },
      supported_parameters: ["tools", 5],
      quantization: "fp8",
      max_prompt_tokens: 100_000,
      status: -2,
      uptime_last_30m: 99.5,
      latency_last_30m: { p50: 250, p75: 350, p90: 480, p99: 850 },
      throughput_last_30m: null,
      supports_implicit_caching: true,
    };
    expect(readEndpoints({ data: { endpoints: [endpoint, {}, { provider_name: "Google Vertex" }] } })).toMatchObject([
      {
        providerName: "Amazon Bedrock",
        tag: "amazon-bedrock/us-east-1",
        contextLength: 200_000,
        price: { promptPerMillion: 0.25, completionPerMillion: 1.25 },
        supportedParameters: ["tools"],
        quantization: "fp8",
        maxPromptTokens: 100_000,
        status: -2,
        uptimePercent: 99.5,
        latencyMs: { p50: 250, p75: 350, p90: 480, p99: 850 },
        implicitCaching: true,
        raw: endpoint,
      },
      { providerName: "Google Vertex", tag: "google-vertex", supportedParameters: [] },
    ]);
    expect(() => readEndpoints({ data: [] })).toThrow(expect.objectContaining({ code: "invalid_response" }));
  });
});
