import { OpenRouter } from "@openrouter/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../src/index.js";

const model = "openai/gpt-4o-mini";
const messages = [{ role: "user" as const, content: "What is the weather in Oslo?" }];
const parameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const tools = [
  { type: "function" as const, function: { name: "get_weather", description: "Weather of a city", parameters } },
];
const schema = {
  type: "object",
  properties: { title: { type: "string" }, points: { type: "array", items: { type: "string" }, minItems: 2 } },
  required: ["title", "points"],
  additionalProperties: false,
};
const responseFormat = { type: "json_schema" as const, json_schema: { name: "deck", strict: true, schema } };

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: "clients" });
});
afterAll(() => simulator.close());

describe("the openai client", () => {
  const client = () => new OpenAI({ baseURL: simulator.baseURL, apiKey: "sk-or-v1-test", maxRetries: 0 });

  it("reads text and usage", async () => {
    const { choices, usage } = await client().chat.completions.create({ model, messages });
    expect(choices[0]?.message.content?.length).toBeGreaterThan(20);
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  });

  it("reads a stream, equal to the answer without streaming", async () => {
    const streamed = await client().chat.completions.create({ model, messages, stream: true });
    let text = "";
    let total = 0;
    for await (const chunk of streamed) {
      text += chunk.choices[0]?.delta.content ?? "";
      total = chunk.usage?.total_tokens ?? total;
    }
    const whole = await client().chat.completions.create({ model, messages });
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(total).toBe(whole.usage?.total_tokens);
  });

  it("runs tools to the end", async () => {
    const runner = client().chat.completions.runTools({
      model,
      messages,
      tools: [
        {
          type: "function",
          function: {
            name: "get_weather",
            description: "Weather of a city",
            parameters,
            parse: JSON.parse,
            function: ({ city }: { city: string }) => `${city}: 4 degrees`,
          },
        },
      ],
    });
    expect(await runner.finalContent()).toContain("Oslo: 4 degrees");
  });

  it("accumulates streamed tool calls", async () => {
    const final = await client().chat.completions.stream({ model, messages, tools }).finalChatCompletion();
    const call = final.choices[0]?.message.tool_calls?.[0];
    expect(call?.type === "function" && JSON.parse(call.function.arguments)).toEqual({ city: "Oslo" });
    expect(final.choices[0]?.finish_reason).toBe("tool_calls");
  });

  it("parses structured answers", async () => {
    const { choices } = await client().chat.completions.parse({ model, messages, response_format: responseFormat });
    const parsed = choices[0]?.message.parsed as { points: string[] } | null;
    expect(parsed?.points.length).toBeGreaterThanOrEqual(2);
  });

  it("throws its own errors", async () => {
    simulator.fault("429", { platform: true });
    await expect(client().chat.completions.create({ model, messages })).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    simulator.fault("401");
    await expect(client().chat.completions.create({ model, messages })).rejects.toBeInstanceOf(
      OpenAI.AuthenticationError,
    );
    simulator.fault("midstream-error", { after: 2, code: 503 });
    const streamed = await client().chat.completions.create({ model, messages, stream: true });
    const readAll = async () => {
      for await (const chunk of streamed) expect(chunk.object).toBe("chat.completion.chunk");
    };
    await expect(readAll()).rejects.toBeInstanceOf(OpenAI.APIError);
  });

  it("retries on its own after a 503", async () => {
    const before = simulator.requests.length;
    simulator.fault("503", { retryAfter: 0 });
    const { choices } = await new OpenAI({
      baseURL: simulator.baseURL,
      apiKey: "k",
      maxRetries: 1,
    }).chat.completions.create({ model, messages });
    expect(choices).toHaveLength(1);
    expect(simulator.requests.slice(before).map(({ status }) => status)).toEqual([503, 200]);
  });

  it("embeds, also through base64, and lists models", async () => {
    const { data } = await client().embeddings.create({
      model: "openai/text-embedding-3-small",
      input: ["tea", "tea"],
    });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([1536, 1536]);
    expect(data[0]?.embedding).toEqual(data[1]?.embedding);
    const ids = (await client().models.list()).data.map(({ id }) => id);
    expect(ids).toContain("anthropic/claude-3-haiku");
  });
});

describe("the @openrouter/sdk client", () => {
  const client = () =>
    new OpenRouter({ serverURL: simulator.baseURL, apiKey: "sk-or-v1-test", retryConfig: { strategy: "none" } });
  type ChatRequest = Parameters<OpenRouter["chat"]["send"]>[0]["chatRequest"];
  const whole = async (more: Partial<ChatRequest> = {}) => {
    const result = await client().chat.send({ chatRequest: { model, messages, ...more, stream: false } });
    if (!("choices" in result)) throw new TypeError("a stream came back");
    return result;
  };
  const chunks = async (more: Partial<ChatRequest> = {}) => {
    const result = await client().chat.send({ chatRequest: { model, messages, ...more, stream: true } });
    if ("choices" in result) throw new TypeError("no stream came back");
    return result;
  };

  it("reads text and cost", async () => {
    const { choices, usage } = await whole();
    expect(choices[0]?.message.content?.length).toBeGreaterThan(20);
    expect(usage?.cost).toBeGreaterThan(0);
  });

  it("reads a stream", async () => {
    const streamed = await chunks();
    let text = "";
    for await (const chunk of streamed) text += chunk.choices[0]?.delta.content ?? "";
    expect(text.length).toBeGreaterThan(20);
  });

  it("reads tool calls", async () => {
    const { choices } = await whole({ tools });
    expect(choices[0]?.message.toolCalls?.[0]?.function.name).toBe("get_weather");
    expect(choices[0]?.finishReason).toBe("tool_calls");
  });

  it("reads streamed tool calls and reasoning", async () => {
    const streamed = await chunks({ model: "deepseek/deepseek-r1", tools });
    let fragments = "";
    let reasoning = "";
    for await (const { choices } of streamed) {
      fragments += choices[0]?.delta.toolCalls?.[0]?.function?.arguments ?? "";
      reasoning += choices[0]?.delta.reasoning ?? "";
    }
    expect(JSON.parse(fragments)).toEqual({ city: "Oslo" });
    expect(reasoning.length).toBeGreaterThan(10);
  });

  it("reads structured answers", async () => {
    const { choices } = await whole({
      responseFormat: { type: "json_schema", jsonSchema: { name: "deck", strict: true, schema } },
    });
    expect(Object.keys(JSON.parse(String(choices[0]?.message.content)))).toEqual(["title", "points"]);
  });

  it("throws its own errors", async () => {
    simulator.fault("402");
    await expect(whole()).rejects.toMatchObject({ statusCode: 402 });
    await expect(whole({ model: "no/such" })).rejects.toMatchObject({ statusCode: 400 });
  });

  it("reads models, endpoints, providers, key, credits and generations", async () => {
    const sdk = client();
    const { id } = await whole();
    const generation = await sdk.generations.getGeneration({ id });
    expect(generation.data.providerName).toBe("OpenAI");
    expect(generation.data.totalCost).toBeGreaterThan(0);
    const endpoints = await sdk.endpoints.list({ author: "anthropic", slug: "claude-3-haiku" });
    expect(endpoints.data.endpoints.map((endpoint) => endpoint.tag)).toContain("amazon-bedrock");
    expect((await sdk.providers.list()).data.length).toBeGreaterThan(5);
    expect((await sdk.credits.getCredits()).data.totalUsage).toBeGreaterThan(0);
    expect((await sdk.apiKeys.getCurrentKeyMetadata()).data.usage).toBeGreaterThan(0);
    const listed = await sdk.models.list({});
    expect(JSON.stringify(listed)).toContain("anthropic/claude-3-haiku");
  });

  it("embeds and reranks", async () => {
    const embedded = await client().embeddings.generate({
      requestBody: { model: "openai/text-embedding-3-small", input: "tea" },
    });
    expect(JSON.stringify(embedded)).toContain("embedding");
    const ranked = await client().rerank.rerank({
      requestBody: { model: "cohere/rerank-v3.5", query: "tea", documents: ["coffee", "green tea"] },
    });
    expect(JSON.stringify(ranked)).toContain("green tea");
  });
});
