import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../src/index.js";
import { post, type Wire } from "./simulator-client.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: "vectors" });
});
afterAll(() => simulator.close());

const embed = async (input: unknown, more: object = {}): Promise<Wire> =>
  (await post(simulator, { model: "openai/text-embedding-3-small", input, ...more }, "/embeddings")).json;
const vectors = async (input: unknown, more?: object): Promise<number[][]> =>
  (await embed(input, more)).data.map(({ embedding }: Wire) => embedding);
const cosine = (a: number[], b: number[]): number => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

describe("embeddings", () => {
  it("are unit vectors, near where texts share words", async () => {
    const [tea, garden, car] = (await vectors([
      "green tea gardens of Assam",
      "tea gardens in spring",
      "electric car batteries",
    ])) as [number[], number[], number[]];
    expect(cosine(tea, tea)).toBeCloseTo(1, 5);
    expect(cosine(tea, garden)).toBeGreaterThan(0.4);
    expect(Math.abs(cosine(tea, car))).toBeLessThan(0.15);
  });

  it("have the size and encoding that is asked for", async () => {
    const [plain] = (await vectors("tea", { dimensions: 64 })) as [number[]];
    expect(plain).toHaveLength(64);
    const encoded = (await embed("tea", { dimensions: 64, encoding_format: "base64" })).data[0].embedding;
    const bytes = Buffer.from(encoded, "base64");
    expect(Array.from({ length: 64 }, (_, at) => bytes.readFloatLE(at * 4))).toEqual(plain);
  });

  it("are billed, named and logged", async () => {
    const answer = await embed(["one", "two three"]);
    expect(answer).toMatchObject({
      object: "list",
      model: "text-embedding-3-small",
      provider: "OpenAI",
      usage: { prompt_tokens: 3, total_tokens: 3, cost: 6e-8 },
    });
    expect(answer.id).toMatch(/^gen-emb-\d+-\w{20}$/);
    expect(simulator.requests.at(-1)).toMatchObject({ generationId: answer.id, cost: 6e-8 });
  });

  it.each([
    [0, "dimensions: Too small: expected number to be >=1"],
    [-1, "dimensions: Too small: expected number to be >=1"],
    [1.5, "dimensions: Invalid input: expected integer"],
    [200_000, "dimensions: Too big: expected number to be <=1536"],
    ["64", "dimensions: Invalid input: expected number"],
  ])("refuse %j dimensions", async (dimensions, message) => {
    const body = { model: "openai/text-embedding-3-small", input: "tea", dimensions };
    const { status, json } = await post(simulator, body, "/embeddings");
    expect([status, json.error.message]).toEqual([400, message]);
  });

  it("may be longer than a call has arguments", async () => {
    await using long = await startSimulator({
      models: [{ id: "acme/long", kind: "embeddings", dimensions: 200_000 }],
    });
    const { json } = await post(long, { model: "acme/long", input: "tea" }, "/embeddings");
    expect(json.data[0].embedding).toHaveLength(200_000);
  });

  it("refuse what is no input or no embedding model", async () => {
    const status = async (body: object) => (await post(simulator, body, "/embeddings")).status;
    expect(await status({ model: "openai/text-embedding-3-small" })).toBe(400);
    expect(await status({ model: "openai/text-embedding-3-small", input: [] })).toBe(400);
    expect(await status({ model: "openai/gpt-4o", input: "x" })).toBe(404);
  });
});

describe("rerank", () => {
  const documents = ["Athens is in Greece.", { text: "Paris is the capital of France." }, "Lima is in Peru."];
  const rank = async (more: object = {}): Promise<Wire> =>
    (await post(simulator, { model: "cohere/rerank-v3.5", query: "capital of France", documents, ...more }, "/rerank"))
      .json;

  it("orders by relevance and quotes the documents", async () => {
    const { results, usage, provider, model } = await rank();
    expect(results[0]).toMatchObject({ index: 1, document: { text: "Paris is the capital of France." } });
    const scores = results.map(({ relevance_score }: Wire) => relevance_score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect([results.length, usage, provider, model]).toEqual([
      3,
      { cost: 0.001, search_units: 1 },
      "Cohere",
      "rerank-v3.5",
    ]);
  });

  it("keeps the best, and bills by token where the model does", async () => {
    expect((await rank({ top_n: 1 })).results).toHaveLength(1);
    const { usage } = await rank({ model: "voyageai/rerank-2.5-lite" });
    expect(usage.cost).toBe((usage.total_tokens * 20) / 1e9);
  });

  it("refuses an empty question", async () => {
    expect((await post(simulator, { model: "cohere/rerank-v3.5", query: "", documents }, "/rerank")).status).toBe(400);
    expect((await post(simulator, { model: "cohere/rerank-v3.5", query: "x", documents: [] }, "/rerank")).status).toBe(
      400,
    );
  });
});
