import { describe, expect, test } from "vitest";
import type { GenerateRequest, LLMClientOptions } from "../src/index.js";
import { rejection } from "./rejection.js";
import { completion, json, upstream } from "./upstream.js";

async function sent(request: Partial<GenerateRequest>, options: LLMClientOptions = {}) {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), options);
  const result = await llm.generate({ prompt: "x", ...request });
  return { body: requests[0]?.body ?? {}, result };
}

async function refused(request: Partial<GenerateRequest>, options: LLMClientOptions = {}) {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), options);
  const error = await rejection(llm.generate({ prompt: "x", ...request }));
  return [error.code, error.model, requests.length];
}

describe("models to fall back on", () => {
  test("go out in order, each id as it is written today", async () => {
    const { body } = await sent({
      model: "openai/gpt-5:nitro",
      fallbackModels: ["openai/gpt-4o", "anthropic/claude-3-haiku:beta"],
    });
    expect([body.model, body.models]).toEqual(["openai/gpt-5:nitro", ["openai/gpt-4o", "anthropic/claude-3-haiku"]]);
  });

  test("none are none", async () => {
    expect((await sent({ model: "openai/gpt-5", fallbackModels: [] })).body).not.toHaveProperty("models");
  });

  test("the one that answered is the result's model", async () => {
    const { llm } = await upstream((_seen, response) =>
      json(response, 200, { ...completion, model: "b/two-2026", provider: "B" }),
    );
    const result = await llm.generate({ prompt: "x", model: "a/one", fallbackModels: ["b/two"] });
    expect([result.model, result.servedBy, result.resolvedModel.sent]).toEqual(["b/two-2026", "B", "a/one"]);
  });

  test.each<[string, Partial<GenerateRequest>]>([
    ["an option", { fallbackModels: ["openai/gpt-5", "deepseek/deepseek-v4"] }],
    ["extraBody", { extraBody: { models: ["deepseek/deepseek-v4"] } }],
  ])("that the policy denies are refused before anything is sent, given by %s", async (_how, request) => {
    const policy = { denyModels: ["deepseek/*"] };
    expect(await refused({ model: "openai/gpt-5", ...request }, { policy })).toEqual([
      "invalid_request",
      "deepseek/deepseek-v4",
      0,
    ]);
  });
});

describe("presets", () => {
  test("as a model, beside a model and as a field", async () => {
    expect((await sent({ model: "@preset/deck" })).body.model).toBe("@preset/deck");
    expect((await sent({ model: "openai/gpt-5@preset/deck" })).body.model).toBe("openai/gpt-5@preset/deck");
    const { body } = await sent({ model: "openai/gpt-5", preset: "deck" });
    expect([body.model, body.preset]).toEqual(["openai/gpt-5", "deck"]);
  });

  test.each<[string, Partial<GenerateRequest>]>([
    ["model", { model: "@preset/deck" }],
    ["suffix of a model", { model: "openai/gpt-5@preset/deck" }],
    ["field", { preset: "deck" }],
    ["field with its mark", { preset: "@preset/deck" }],
    ["extra field", { extraBody: { preset: "@preset/deck" } }],
  ])("that the policy denies are refused as a %s", async (_how, request) => {
    const options = { model: "openai/gpt-5", policy: { denyModels: ["@preset/deck"] } };
    expect(await refused(request, options)).toEqual(["invalid_request", "@preset/deck", 0]);
    expect(await refused(request, { ...options, policy: { allowModels: ["openai/*"] } })).toEqual([
      "invalid_request",
      "@preset/deck",
      0,
    ]);
  });

  test("that the policy allows are sent, with the policy's own rules beside them", async () => {
    const policy = { allowModels: ["openai/*", "@preset/deck"], zdr: true };
    expect((await sent({ model: "openai/gpt-5", preset: "@preset/deck" }, { policy })).body).toMatchObject({
      preset: "@preset/deck",
      provider: { zdr: true },
    });
  });
});

test("metadata of scope and call are held to their limits together", async () => {
  const pairs = (count: number, name: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}${at}`, "v"]));
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion));
  const scoped = llm.scope({ metadata: pairs(9, "a") });
  await scoped.generate({ prompt: "x", metadata: { ...pairs(7, "b"), a0: "own" } });
  expect(Object.keys(requests[0]?.body.metadata as object)).toHaveLength(16);
  expect(requests[0]?.body.metadata).toMatchObject({ a0: "own", a1: "v", b6: "v" });
  const error = await rejection(scoped.generate({ prompt: "x", metadata: pairs(8, "b") }));
  expect([error.code, error.detail, requests.length]).toEqual([
    "invalid_request",
    "`metadata`, the scope's included, has 17 pairs; allowed are at most 16",
    1,
  ]);
});

test("the bytes of a request do not depend on how it was written", async () => {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion));
  const routing = { order: ["openai"], zdr: true, maxPrice: { prompt: 1, completion: 2 } };
  await llm.generate({
    prompt: "x",
    model: "openai/gpt-5",
    temperature: 0,
    topP: 1,
    routing,
    extraBody: { b: 1, a: 2 },
  });
  await llm.generate({
    extraBody: { a: 2, b: 1 },
    routing: { maxPrice: { completion: 2, prompt: 1 }, zdr: true, order: ["openai"] },
    topP: 1,
    model: "openai/gpt-5",
    temperature: 0,
    prompt: "x",
  });
  expect(requests[1]?.text).toBe(requests[0]?.text);
  expect(requests[0]?.text).toContain(
    '"provider":{"max_price":{"completion":2,"prompt":1},"order":["openai"],"zdr":true}',
  );
});
