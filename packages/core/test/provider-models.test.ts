import { expect, test } from "vitest";
import { LLMClient, type LLMProvider, type ProviderCall } from "../src/index.js";
import { scriptedProvider } from "../src/testing/index.js";

const ROW = { id: "mine/large", name: "Large", context_length: 8_000 };
function client(own: Partial<LLMProvider>) {
  return new LLMClient({ provider: { ...scriptedProvider(), ...own }, env: false, timeouts: { idleMs: 7 } });
}

test("a provider's own models() fills the catalogue, and is told what is asked for", async () => {
  const asked: [Readonly<Record<string, string>>, ProviderCall][] = [];
  const llm = client({
    async models(query, call) {
      asked.push([query, call]);
      return { body: { data: [ROW] } };
    },
    get: () => Promise.reject(new Error("models() is there")),
  });
  expect((await llm.models.refresh()).map(({ id, contextLength }) => [id, contextLength])).toEqual([
    ["mine/large", 8_000],
  ]);
  expect(llm.models.get("mine/large")?.name).toBe("Large");
  await llm.models.refresh({ outputModalities: ["text", "image"] });
  expect(asked.map(([query]) => query)).toEqual([{}, { output_modalities: "text,image" }]);
  expect(asked[0]?.[1]).toMatchObject({ clocks: { idleMs: 7 }, signal: expect.any(AbortSignal) });
});

test("without models() its get() is asked, and without either the call is refused", async () => {
  const paths: string[] = [];
  const llm = client({
    async get(path) {
      paths.push(path);
      return { body: { data: [ROW] } };
    },
  });
  expect([(await llm.models.refresh()).length, paths]).toEqual([1, ["/models"]]);
  await expect(client({}).models.refresh()).rejects.toMatchObject({ code: "invalid_request" });
});
