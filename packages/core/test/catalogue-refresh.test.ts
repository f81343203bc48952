import { startSimulator } from "@signalbox/testing";
import { expect, onTestFinished, test } from "vitest";
import { LLMClient } from "../src/index.js";
import { rejection } from "./rejection.js";
import { json, upstream } from "./upstream.js";

const LIVE = { data: [{ id: "acme/live", pricing: { prompt: "0.000001", completion: "0.000002" } }] };

test("a background refresh that fails is a warning, keeps the old catalogue, and is tried again", async () => {
  const { llm, clock, requests } = await upstream(
    (_seen, response, count) => (count === 1 ? json(response, 503, { error: {} }) : json(response, 200, LIVE)),
    { models: { refreshMs: 3_600_000 } },
  );
  const told = Promise.withResolvers<unknown>();
  llm.on("warning", told.resolve);
  expect(requests).toHaveLength(0);
  clock.advance(3_600_000);
  expect(await told.promise).toEqual({
    code: "catalogue_refresh",
    message: "the catalogue could not be refreshed: ProviderError; the old one stays",
  });
  expect(llm.models.get("openai/gpt-4o")).toBeDefined();
  await clock.waiting(3_600_000);
  clock.advance(3_600_000);
  await clock.waiting(3_600_000);
  expect(llm.models.list().map(({ id }) => id)).toEqual(["acme/live"]);
  expect(requests.map(({ path }) => path)).toEqual(["/api/v1/models", "/api/v1/models"]);
});

test("a background refresh that the client's closing ends is no warning", async () => {
  const arrived = Promise.withResolvers<void>();
  const { llm, clock } = await upstream(() => arrived.resolve(), { models: { refreshMs: 1_000 } });
  const told: unknown[] = [];
  llm.on("warning", (warning) => told.push(warning));
  clock.advance(1_000);
  await arrived.promise;
  await llm.close();
  await llm.settled();
  expect([told, clock.pending.includes(1_000)]).toEqual([[], false]);
});

test("no call waits for the catalogue: one that is being fetched is used when it is here", async () => {
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { llm } = await upstream(async ({ path }, response) => {
    if (!path.endsWith("/models")) return json(response, 200, { choices: [{ message: { content: "hi" } }] });
    asked.resolve();
    await release.promise;
    return json(response, 200, LIVE);
  });
  const refreshed = llm.models.refresh();
  await asked.promise;
  expect((await llm.generate({ prompt: "x", model: "acme/live" })).text).toBe("hi");
  expect(llm.models.price("acme/live")).toBeUndefined();
  release.resolve();
  await refreshed;
  expect(llm.models.price("acme/live")).toEqual({ promptPerMillion: 1, completionPerMillion: 2 });
});

test("questions about models and the account end with the scope's signal, and are neither retried nor counted", async () => {
  const arrived = Promise.withResolvers<void>();
  const { llm, requests } = await upstream((_seen, response, count) =>
    count === 1 ? arrived.resolve() : json(response, 503, { error: {} }),
  );
  const caller = new AbortController();
  const left = rejection(llm.scope({ signal: caller.signal }).account.key());
  await arrived.promise;
  caller.abort();
  expect((await left).code).toBe("aborted");
  expect(await rejection(llm.account.generation("gen-1"))).toMatchObject({ code: "provider_overloaded" });
  expect([requests.length, llm.usage.total.requests]).toEqual([2, 0]);
});

test("models that make no text are priced once the catalogue was asked for them, as a refused budget says", async () => {
  const openrouter = await startSimulator();
  onTestFinished(() => openrouter.close());
  const budget = { usd: 1, per: "day" } as const;
  const llm = new LLMClient({ apiKey: "sk-or-v1-key", baseURL: openrouter.baseURL, env: false, budget });
  onTestFinished(() => llm.close());
  const ask = () => llm.embed({ model: "openai/text-embedding-3-small", input: "x" });
  for (const refresh of [async () => {}, () => llm.models.refresh()]) {
    await refresh();
    const error = await rejection(ask());
    expect([error.code, error.hint]).toEqual(["budget_exceeded", expect.stringContaining('outputModalities: "all"')]);
  }
  await llm.models.refresh({ outputModalities: "all" });
  expect((await ask()).embeddings).toHaveLength(1);
});
