import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../src/index.js";
import { get, post, question, type Wire } from "./simulator-client.js";

let simulator: Simulator;
let of2024: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  of2024 = await startSimulator({ notation: "2024" });
});
afterAll(async () => {
  await Promise.all([simulator.close(), of2024.close()]);
});

async function outcome(body: object, at = simulator): Promise<[number, string]> {
  const { status, json } = await post(at, { ...question("Explain tides"), ...body });
  return [status, status === 200 ? `${json.model} by ${json.provider}` : json.error.message];
}

describe("model ids", () => {
  it.each([
    ["openai/gpt-4o", [200, "openai/gpt-4o by OpenAI"]],
    ["openai/gpt-4o:nitro", [200, "openai/gpt-4o by OpenAI"]],
    ["openai/gpt-4o:floor:online", [200, "openai/gpt-4o by OpenAI"]],
    ["openai/gpt-oss-20b:free", [200, "openai/gpt-oss-20b:free by Venice"]],
    ["openai/gpt-oss-20b:free:exacto", [200, "openai/gpt-oss-20b:free by Venice"]],
    ["openai/gpt-4o@preset/short", [200, "openai/gpt-4o by OpenAI"]],
    ["~anthropic/claude-sonnet-latest", [200, "anthropic/claude-4.5-sonnet-20250929 by Anthropic"]],
    ["openrouter/free", [200, "openai/gpt-oss-20b:free by Venice"]],
    ["openai/gpt-4o:free", [404, "No endpoints found for openai/gpt-4o:free."]],
    ["openai/text-embedding-3-small", [404, "No endpoints found for openai/text-embedding-3-small."]],
    ["gpt-4o", [400, "gpt-4o is not a valid model ID"]],
    ["openai/gpt-9", [400, "openai/gpt-9 is not a valid model ID"]],
    ["anthropic/claude-3-haiku:beta", [400, "anthropic/claude-3-haiku:beta is not a valid model ID"]],
    ["anthropic/claude-3.5-sonnet", [400, "anthropic/claude-3.5-sonnet is not a valid model ID"]],
  ])("%s in the notation of 2026", async (model, expected) => {
    expect(await outcome({ model })).toEqual(expected);
  });

  it.each([
    ["anthropic/claude-3-haiku:beta", "anthropic/claude-3-haiku by Anthropic"],
    ["anthropic/claude-3-haiku:beta:aws", "anthropic/claude-3-haiku by Amazon Bedrock"],
    ["anthropic/claude-3-sonnet:beta:bedrock", "anthropic/claude-3-sonnet by Amazon Bedrock"],
    ["meta/llama-3.1-8b-instruct:beta:together", "meta-llama/llama-3.1-8b-instruct by Together"],
    ["google/gemini-pro-1.5", "google/gemini-pro-1.5 by Google"],
    ["openai/gpt-4o-mini", "openai/gpt-4o-mini by OpenAI"],
  ])("%s in the notation of 2024", async (model, expected) => {
    expect(await outcome({ model }, of2024)).toEqual([200, expected]);
  });
});

describe("provider preferences", () => {
  const model = "anthropic/claude-3-haiku";
  it.each([
    [{ order: ["amazon-bedrock"] }, [200, `${model} by Amazon Bedrock`]],
    [{ order: ["nobody", "google-vertex/us-east5"] }, [200, `${model} by Google`]],
    [{ only: ["google-vertex"] }, [200, `${model} by Google`]],
    [{ ignore: ["anthropic"] }, [200, `${model} by Amazon Bedrock`]],
    [{ order: ["together"] }, [200, `${model} by Anthropic`]],
    [
      { order: ["together"], allow_fallbacks: false },
      [404, "No allowed providers are available for the selected model."],
    ],
    [{ only: ["together"] }, [404, "No allowed providers are available for the selected model."]],
    [{ max_price: { prompt: 0.2 } }, [404, `No endpoints found for ${model} within the requested max_price.`]],
    [{ max_price: { prompt: "0.25", completion: 1.25 } }, [200, `${model} by Anthropic`]],
  ])("%j", async (provider, expected) => {
    expect(await outcome({ model, provider })).toEqual(expected);
  });

  it("names who could have served", async () => {
    const { json } = await post(simulator, question("x", { model, provider: { only: ["together"] } }));
    expect(json.error.metadata).toEqual({
      available_providers: ["anthropic", "amazon-bedrock", "google-vertex"],
      requested_providers: ["together"],
    });
  });
});

describe("fallback models", () => {
  it("answer where the first has no endpoint or too small a context", async () => {
    expect(
      await outcome({ model: "openai/gpt-4o", models: ["mistralai/mistral-large"], provider: { only: ["mistral"] } }),
    ).toEqual([200, "mistralai/mistral-large by Mistral"]);
    const long = { messages: [{ role: "user", content: "tide ".repeat(70_000) }] };
    expect(await outcome({ model: "deepseek/deepseek-r1", models: ["google/gemini-2.5-flash-lite"], ...long })).toEqual(
      [200, "google/gemini-2.5-flash-lite by Google"],
    );
    expect((await outcome({ model: "deepseek/deepseek-r1", ...long }))[1]).toMatch(
      /^This endpoint's maximum context length is 64000 tokens\. However, you requested about 70/,
    );
  });

  it("are used alone, and refused where they are no ids", async () => {
    expect(await outcome({ model: undefined, models: ["openai/gpt-4o"] })).toEqual([200, "openai/gpt-4o by OpenAI"]);
    expect((await outcome({ models: ["nothing"] }))[0]).toBe(400);
    expect(await outcome({ model: undefined })).toEqual([400, "No models provided"]);
  });
});

describe("the models option", () => {
  it("extends and replaces", async () => {
    await using more = await startSimulator({
      models: [
        { id: "acme/test-1", providers: ["acme-cloud"], pricing: { prompt: "0.001", completion: "0.002" } },
        { id: "openai/gpt-4o", contextLength: 10 },
      ],
    });
    expect(await outcome({ model: "acme/test-1" }, more)).toEqual([200, "acme/test-1 by Acme Cloud"]);
    expect((await outcome({ model: "openai/gpt-4o", max_tokens: 20 }, more))[0]).toBe(400);
    await using only = await startSimulator({ models: { only: [{ id: "acme/test-1" }] } });
    expect((await get(only, "/models")).json.data.map(({ id }: Wire) => id)).toEqual(["acme/test-1"]);
  });
});

describe("the catalogue", () => {
  it("lists text models with decimal prices, and others on demand", async () => {
    const { data } = (await get(simulator, "/models")).json;
    expect(data.length).toBeGreaterThanOrEqual(15);
    const haiku = data.find(({ id }: Wire) => id === "anthropic/claude-3-haiku");
    expect(haiku).toMatchObject({
      context_length: 200_000,
      pricing: { prompt: "0.00000025", completion: "0.00000125" },
      top_provider: { max_completion_tokens: 4096 },
    });
    expect(haiku.supported_parameters).toContain("tools");
    expect(haiku.supported_parameters).not.toContain("structured_outputs");
    expect(data.some(({ id }: Wire) => id.includes("embedding"))).toBe(false);
    const embeddings = (await get(simulator, "/models?output_modalities=embeddings")).json.data;
    expect(embeddings.map(({ id }: Wire) => id)).toEqual(["openai/text-embedding-3-small"]);
    const able = (await get(simulator, "/models?supported_parameters=structured_outputs&q=claude")).json.data;
    expect(able.map(({ id }: Wire) => id)).toEqual(["anthropic/claude-sonnet-4.5"]);
    const page = (await get(simulator, "/models?offset=1&limit=2")).json;
    expect([page.data.length, page.total_count, page.links.next]).toEqual([
      2,
      data.length,
      "/api/v1/models?offset=3&limit=2",
    ]);
  });

  it("has single models and their endpoints", async () => {
    expect((await get(simulator, "/model/openai/gpt-oss-20b%3Afree")).json.data.id).toBe("openai/gpt-oss-20b:free");
    expect((await get(simulator, "/model/no/such")).status).toBe(404);
    const { endpoints } = (await get(simulator, "/models/anthropic/claude-3-haiku/endpoints")).json.data;
    expect(endpoints.map(({ tag, provider_name }: Wire) => [tag, provider_name])).toEqual([
      ["anthropic", "Anthropic"],
      ["amazon-bedrock", "Amazon Bedrock"],
      ["google-vertex", "Google"],
    ]);
    expect((await get(simulator, "/providers")).json.data).toContainEqual(
      expect.objectContaining({ slug: "amazon-bedrock", name: "Amazon Bedrock" }),
    );
  });
});
