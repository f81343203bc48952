import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createError } from "../src/errors/error-classes.js";
import { LLMClient, tool } from "../src/index.js";
import { memoryLedger, thisProcess } from "../src/ledger/index.js";
import { keyHash } from "../src/limits/key-hash.js";
import { scriptedProvider } from "../src/testing/index.js";
import { booked, KEY, MODEL } from "./booked-client.js";
import { recordsOf } from "./ledger-contract.js";
import { completion, json, post, upstream } from "./upstream.js";

describe("each request to the provider leaves one record", () => {
  test("answered: who, what, tokens, cost, generation, times", async () => {
    const { llm, one, openrouter } = await booked();
    const child = llm.scope({ user: "ann", metadata: { feature: "deck" } });
    const result = await child.generate({ prompt: "Say hello", maxTokens: 20 });
    const record = await one();
    expect(record).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      startedAt: expect.any(Number),
      process: thisProcess(),
      operation: "chat",
      provider: "openrouter",
      model: MODEL,
      user: "ann",
      key: keyHash(KEY),
      metadata: { feature: "deck" },
      worstCaseUsd: expect.any(Number),
      generationId: result.generationId,
      outcome: "answered",
      endedAt: expect.any(Number),
      latencyMs: expect.any(Number),
      attempts: 1,
      servedBy: result.servedBy,
      finishReason: result.finishReason,
      promptTokens: result.usage?.promptTokens,
      completionTokens: result.usage?.completionTokens,
      cachedTokens: 0,
      reasoningTokens: 0,
      usd: openrouter.requests[0]?.cost,
      isByok: false,
      source: "provider",
    });
    expect(record.endedAt).toBeGreaterThanOrEqual(record.startedAt);
    expect(record.worstCaseUsd).toBeGreaterThanOrEqual(record.usd ?? 1);
  });

  test("a stream that was read to its end", async () => {
    const { llm, one } = await booked();
    const { generationId, cost } = await llm.stream({ prompt: "Say hello", user: "bob" }).result;
    const record = await one();
    expect(record).toMatchObject({ outcome: "answered", generationId, usd: cost?.totalUsd, user: "bob" });
    expect(record.firstTokenMs).toBeLessThanOrEqual(record.latencyMs);
  });

  test("a stream that was left: looked up, and one record only then", async () => {
    const { llm, one, openrouter, ledger } = await booked();
    for await (const _ of llm.stream({ prompt: "A long story of trains" })) break;
    const record = await one();
    const [entry] = openrouter.requests;
    expect(record).toMatchObject({ outcome: "aborted", usd: entry?.cost, source: "generation" });
    expect(record.generationId).toBe(entry?.generationId);
    expect(record.promptTokens).toBeGreaterThan(0);
    expect(await ledger.orphans()).toEqual([]);
  });

  test("aborted by its signal", async () => {
    const { llm, one } = await booked();
    const controller = new AbortController();
    const stream = llm.stream({ prompt: "A long story of trains", signal: controller.signal });
    const reading = (async () => {
      for await (const _ of stream) controller.abort();
    })();
    await expect(reading).rejects.toThrow();
    expect(await one()).toMatchObject({ outcome: "aborted", code: "aborted", source: "generation" });
  });

  test("failed: with its code, no cost, and how often it was sent", async () => {
    const { llm, one, openrouter } = await booked();
    openrouter.fault("503", { times: 2 });
    await expect(llm.generate({ prompt: "hi" })).rejects.toThrow();
    expect(await one()).toMatchObject({ outcome: "failed", code: "provider_overloaded", attempts: 2, usd: 0 });
  });

  test("refused upstream, as a wrong key is", async () => {
    const { llm, one, openrouter } = await booked();
    openrouter.fault("401");
    await expect(llm.generate({ prompt: "hi" })).rejects.toThrow();
    expect(await one()).toMatchObject({ outcome: "failed", code: "authentication", attempts: 1, usd: 0 });
  });

  test("broken in the middle: failed, and looked up", async () => {
    const { llm, one, openrouter } = await booked();
    openrouter.fault("cut", { after: 5 });
    await expect(llm.stream({ prompt: "A long story of trains", retry: false }).result).rejects.toThrow();
    const billed = openrouter.requests[0]?.cost;
    expect(await one()).toMatchObject({
      outcome: "failed",
      code: "stream_truncated",
      usd: billed,
      source: "generation",
    });
  });

  test("retried: the attempts together, what the broken one cost included", async () => {
    const { llm, one, openrouter } = await booked();
    openrouter.fault("midstream-error", { after: 0 });
    await llm.stream({ prompt: "A short story of trains" }).result;
    const costs = openrouter.requests.filter(({ path }) => path === "/chat/completions").map(({ cost = 0 }) => cost);
    const record = await one();
    expect(record).toMatchObject({ outcome: "answered", attempts: 2 });
    expect(record.usd).toBeCloseTo(
      costs.reduce((a, b) => a + b, 0),
      12,
    );
  });

  test("refused by a budget, by a limit: never sent, cost nothing", async () => {
    const { llm, records, openrouter } = await booked();
    const poor = llm.scope({ budget: { usd: 0, per: "day" } });
    await expect(poor.generate({ prompt: "hi" })).rejects.toThrow("budget");
    const slow = llm.scope({ limits: { requestsPerMinute: 1, onLimit: "reject" } });
    await slow.generate({ prompt: "hi" });
    await expect(slow.generate({ prompt: "hi" })).rejects.toThrow();
    const refused = (await records()).filter(({ outcome }) => outcome === "refused");
    expect(refused).toMatchObject([
      { code: "budget_exceeded", attempts: 0, usd: 0 },
      { code: "rate_limit", attempts: 0, usd: 0 },
    ]);
    expect(openrouter.requests).toHaveLength(1);
  });

  test("aborted while it waits for its turn: never sent, and so it says", async () => {
    const { llm, records, openrouter } = await booked();
    const narrow = llm.scope({ limits: { maxConcurrency: 1, maxWaitMs: 60_000 } });
    openrouter.fault("slow", { delayMs: 60_000 });
    const [first, second] = [new AbortController(), new AbortController()];
    const sent = narrow.generate({ prompt: "hi", signal: first.signal });
    await openrouter.nextRequest();
    const waiting = narrow.generate({ prompt: "hi", signal: second.signal });
    setImmediate(() => second.abort());
    await expect(waiting).rejects.toThrow();
    first.abort();
    await expect(sent).rejects.toThrow();
    const found = (await records()).map(({ outcome, attempts, usd }) => [outcome, attempts, usd]);
    expect(found.toSorted()).toEqual([
      ["aborted", 0, 0],
      // It was sent, and nobody can tell whether it was billed.
      ["aborted", 1, undefined],
    ]);
  });

  test("timed out: before it was sent it cost nothing, after that nobody knows", async () => {
    const { llm, one, openrouter } = await booked({ retry: false });
    openrouter.fault("slow", { delayMs: 60_000 });
    await expect(llm.generate({ prompt: "hi", timeouts: { firstTokenMs: 20 } })).rejects.toThrow();
    const record = await one();
    expect(record).toMatchObject({ outcome: "failed", code: "timeout", attempts: 1 });
    expect(record).not.toHaveProperty("usd");

    const ledger = memoryLedger();
    const provider = scriptedProvider([createError("timeout", "connect timeout", { phase: "connect" })]);
    const unreached = new LLMClient({ provider, env: false, retry: false, ledger, model: MODEL });
    await expect(unreached.generate({ prompt: "hi" })).rejects.toThrow();
    expect(await recordsOf(ledger)).toMatchObject([{ outcome: "failed", code: "timeout", attempts: 1, usd: 0 }]);
  });

  test("under way when its client closes", async () => {
    const { llm, one, openrouter } = await booked();
    openrouter.fault("slow", { delayMs: 60_000 });
    const asking = expect(llm.generate({ prompt: "hi" })).rejects.toMatchObject({ code: "aborted" });
    await openrouter.nextRequest();
    await llm.close();
    await asking;
    expect(await one()).toMatchObject({ outcome: "aborted", attempts: 1 });
  });

  test("a stream that nobody reads is no request, and leaves none", async () => {
    const { llm, records, openrouter } = await booked();
    llm.stream({ prompt: "hi" });
    expect(await records()).toEqual([]);
    expect(openrouter.requests).toEqual([]);
  });

  test("tools: one record for each step", async () => {
    const { llm, records, openrouter } = await booked();
    openrouter.reply({ toolCalls: [{ name: "add", arguments: { a: 2, b: 3 } }] }, "5");
    const parameters = z.object({ a: z.number(), b: z.number() });
    const add = tool({ name: "add", description: "Adds", parameters, execute: ({ a, b }) => a + b });
    const { steps } = await llm.generate({ prompt: "Use add on 2 and 3", tools: [add] });
    const found = await records();
    expect(found.map(({ generationId }) => generationId)).toEqual(steps.map(({ generationId }) => generationId));
    expect(found.map(({ finishReason }) => finishReason)).toEqual(["tool_calls", "stop"]);
    expect(found.map(({ usd }) => usd)).toEqual(openrouter.requests.map(({ cost }) => cost));
  });

  test("structured output: one, and one more where it is asked for again", async () => {
    const { llm, records, openrouter } = await booked();
    const schema = z.object({ name: z.string() });
    await llm.generateStructured({ prompt: "A name as JSON", schema });
    expect(await records()).toHaveLength(1);
    openrouter.reply("no JSON at all");
    await llm.generateStructured({ prompt: "A name as JSON", schema });
    const found = await records();
    expect(found).toHaveLength(openrouter.requests.length);
    expect(found.every(({ outcome }) => outcome === "answered")).toBe(true);
  });

  test("vectors and orders of documents", async () => {
    const { llm, records } = await booked();
    const embedded = await llm.embed({ model: "openai/text-embedding-3-small", input: ["a", "b"], user: "ann" });
    const ranked = await llm.rerank({ model: "cohere/rerank-v3.5", query: "a", documents: ["a", "b"] });
    expect(await records()).toMatchObject([
      { operation: "embeddings", outcome: "answered", user: "ann", usd: embedded.cost?.totalUsd },
      { operation: "rerank", outcome: "answered", usd: ranked.cost?.totalUsd },
    ]);
  });

  test("vectors that cannot be read: failed, and billed all the same", async () => {
    const ledger = memoryLedger();
    const usage = { prompt_tokens: 3, total_tokens: 3, cost: 0.25 };
    const { llm } = await upstream((_, response) => json(response, 200, { data: 5, usage }), { ledger });
    await expect(llm.embed({ model: "a/b", input: "x" })).rejects.toMatchObject({ code: "invalid_response" });
    await llm.settled();
    expect(await recordsOf(ledger)).toMatchObject([{ outcome: "failed", code: "invalid_response", usd: 0.25 }]);
  });

  test("what another SDK sends through llm.fetch: whole, streamed, left, refused; not its list of models", async () => {
    const { llm, records, openrouter } = await booked();
    const url = `${openrouter.baseURL}/chat/completions`;
    const body = { model: MODEL, messages: [{ role: "user", content: "A long story of trains" }], user: "eve" };
    await (await llm.fetch(url, post(body))).text();
    await (await llm.fetch(url, post({ ...body, stream: true }))).text();
    await (await llm.fetch(`${openrouter.baseURL}/models`)).text();
    const left = (await llm.fetch(url, post({ ...body, stream: true }))).body?.getReader();
    await left?.read();
    await left?.cancel();
    await llm.scope({ budget: { usd: 0, per: "day" } }).fetch(url, post(body));
    openrouter.fault("400");
    await (await llm.fetch(url, post(body))).text();
    const found = await records();
    const facts = found.map(({ operation, outcome, code, user, attempts }) => [
      operation,
      outcome,
      code,
      user,
      attempts,
    ]);
    expect(facts.toSorted()).toEqual(
      [
        ["relay", "answered", undefined, "eve", 1],
        ["relay", "answered", undefined, "eve", 1],
        ["relay", "aborted", "aborted", "eve", 1],
        ["relay", "refused", "budget_exceeded", "eve", 0],
        ["relay", "failed", "invalid_request", "eve", 1],
      ].toSorted(),
    );
    const costs = openrouter.requests.filter(({ method }) => method === "POST").map(({ cost = 0 }) => cost);
    const sum = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 0);
    expect(sum(found.map(({ usd = 0 }) => usd))).toBeCloseTo(sum(costs), 12);
  });

  test("where nothing tells the cost it is estimated, and marked so", async () => {
    const ledger = memoryLedger();
    const { usage: _, ...unpriced } = completion;
    const { llm } = await upstream((_, response) => json(response, 200, { ...unpriced, id: undefined }), {
      ledger,
      model: MODEL,
    });
    const { cost } = await llm.generate({ prompt: "hi" });
    expect(await recordsOf(ledger)).toMatchObject([{ outcome: "answered", usd: cost?.totalUsd, source: "estimate" }]);
  });

  test("a model without a price, and an answer that tells none: no amount", async () => {
    const ledger = memoryLedger();
    const { usage: _, ...unpriced } = completion;
    const { llm } = await upstream((_, response) => json(response, 200, { ...unpriced, id: undefined }), {
      ledger,
      model: "acme/unpriced",
    });
    await llm.generate({ prompt: "hi" });
    const [record] = await recordsOf(ledger);
    expect(record).toMatchObject({ outcome: "answered" });
    expect(record).not.toHaveProperty("usd");
    expect(record).not.toHaveProperty("worstCaseUsd");
  });
});
