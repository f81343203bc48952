import OpenAI from "openai";
import { expect, test } from "vitest";
import { openGateway } from "./gateway.js";

// What the table has no row for: the router's other endpoints, asked by the client they are for.

async function openaiClient(apiKey = "sk-ann") {
  const { baseURL, client, simulator } = await openGateway();
  return { openai: new OpenAI({ baseURL, apiKey, maxRetries: 0 }), client, simulator };
}

test("models are listed, those of the allow-list only", async () => {
  const { openai } = await openaiClient();
  const ids: string[] = [];
  for await (const { id, object, created } of openai.models.list()) {
    expect([object, typeof created]).toEqual(["model", "number"]);
    ids.push(id);
  }
  expect(ids.length).toBeGreaterThan(2);
  expect(ids.filter((id) => !id.startsWith("openai/"))).toEqual([]);
});

test.each(["openai/gpt-4o-mini", "openai/gpt-oss-20b:free", "openai/gpt-4o-mini:nitro"])(
  "the model %s is retrieved, its slash escaped",
  async (id) => {
    const { openai } = await openaiClient();
    expect(await openai.models.retrieve(id)).toMatchObject({ id, object: "model", owned_by: "openai" });
  },
);

test("a model that is not there, or not allowed, is its NotFoundError", async () => {
  const { openai } = await openaiClient();
  for (const id of ["nobody/nothing", "anthropic/claude-3-haiku"]) {
    await expect(openai.models.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  }
});

test("embeddings arrive, as the base64 that the client asks for by itself, and are billed", async () => {
  // Her scope has no budget: one refuses what has no list price, as these models have none.
  const { openai, client, simulator } = await openaiClient("sk-eve");
  const { data } = await openai.embeddings.create({ model: "openai/text-embedding-3-small", input: ["one", "two"] });
  expect(data.map(({ index, embedding }) => [index, embedding.length > 8])).toEqual([
    [0, true],
    [1, true],
  ]);
  expect(data[0]?.embedding.every(Number.isFinite)).toBe(true);
  expect(simulator.requests[0]?.json.encoding_format).toBe("base64");
  await expect.poll(() => client.usage.byUser()).toMatchObject([{ user: "eve", requests: 1 }]);
});
