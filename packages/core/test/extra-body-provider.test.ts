import { expect, test } from "vitest";
import { scriptedClient } from "./scripted-client.js";
import { json, upstream } from "./upstream.js";

test("the provider of extraBody wins key by key over typed routing, never over a policy", async () => {
  const { llm, provider } = scriptedClient(["x", "x", "x"], {
    name: "openrouter",
    policy: { zdr: true },
    routing: { only: ["acme"], sort: "price" },
  });
  const ask = (more: object, routing = {}) =>
    llm.generate({ prompt: "hi", model: "good/one", routing, extraBody: { provider: more } });
  await ask({ zdr: false, sort: "latency" }, { requireParameters: true });
  await ask({ sort: undefined, only: ["other"] });
  expect(provider.requests.map((body) => body.provider)).toEqual([
    { only: ["acme"], require_parameters: true, sort: "latency", zdr: true },
    { only: ["other"], zdr: true },
  ]);
  await llm.generate({ prompt: "hi", model: "good/one", extraBody: { provider: undefined } });
  expect(provider.requests[2]?.provider).toEqual({ zdr: true });
});

test("so it does for embeddings", async () => {
  const { llm, requests } = await upstream(
    (_seen, response) => json(response, 200, { data: [{ index: 0, embedding: [1] }] }),
    { routing: { only: ["acme"], sort: "price" } },
  );
  await llm.embed({ model: "a/b", input: "x", extraBody: { provider: { sort: "latency" } } });
  expect(requests[0]?.body.provider).toEqual({ only: ["acme"], sort: "latency" });
});

test("a provider of extraBody that is no object goes out as it is", async () => {
  const { llm, provider } = scriptedClient(["x"], { name: "openrouter", routing: { only: ["acme"] } });
  await llm.generate({ prompt: "hi", model: "good/one", extraBody: { provider: null } });
  expect(provider.requests[0]?.provider).toBeNull();
});
