import { expect, test } from "vitest";
import type { LLMClient, LLMClientOptions, UsageEvent, Warning } from "../src/index.js";
import { batchesOf } from "./batches-of.js";
import { BudgetLog, roomy } from "./budget-log.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";
import { completion, events, json, post, textChunk, upstream } from "./upstream.js";

const prompt = "x";
const model = "openai/gpt-4o";
const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, cost: 0.5 };
const told = { text: "one two three", usage };
const failing = () => new BudgetLog(() => Promise.reject(new RangeError("the store is down")));

function watch(llm: LLMClient) {
  const seen: { usage: UsageEvent[]; warnings: Warning[] } = { usage: [], warnings: [] };
  llm.on("usage", (event) => seen.usage.push(event));
  llm.on("warning", (event) => seen.warnings.push(event));
  return seen;
}

/** A stream that says `words` and stays open; a generation that cost 0.3, found at the look `foundAt`. */
async function interrupted(options: LLMClientOptions, { words = "word ".repeat(500), foundAt = 1 } = {}) {
  const store = new BudgetLog();
  let looks = 0;
  const open = await upstream(
    ({ path }, response) => {
      if (!path.includes("/generation")) return events(response, textChunk(words));
      looks += 1;
      return looks < foundAt ? json(response, 404, { error: {} }) : json(response, 200, { data: { total_cost: 0.3 } });
    },
    { retry: false, model, budget: roomy, budgetStore: store, ...options },
  );
  return { ...open, store, ...watch(open.llm) };
}

test.each(["generate", "stream", "stream, closed twice"])("the cost of %s() is settled once", async (how) => {
  const store = new BudgetLog();
  const { llm } = scriptedClient([told], { budget: roomy, budgetStore: store });
  const stream = how === "generate" ? undefined : llm.stream({ prompt });
  const text = stream ? (await batchesOf(stream)).join("") : (await llm.generate({ prompt })).text;
  if (how.includes("twice")) {
    stream?.abort();
    await stream?.[Symbol.asyncDispose]();
  }
  expect([text, store.log, llm.usage.total]).toMatchObject([
    "one two three",
    ["reserve", "settle 0.5"],
    { requests: 1, usd: 0.5 },
  ]);
});

test("a stream that is left is settled once, though it was closed three times", async () => {
  const { llm, clock, store } = await interrupted({ provider: "custom", model: "llama3" });
  const stream = llm.stream({ prompt });
  for await (const _ of stream) break;
  stream.abort();
  await stream[Symbol.asyncDispose]();
  await llm.close({ graceMs: 500 });
  expect([store.log, llm.usage.total.requests, clock.now()]).toEqual([["reserve", "release"], 1, 0]);
});

test("a request that never was answered gives back what was reserved, once", async () => {
  const store = new BudgetLog();
  const { llm } = scriptedClient([new Error("no")], { budget: roomy, budgetStore: store });
  await rejection(llm.generate({ prompt }));
  await rejection(llm.stream({ prompt }).result);
  expect([store.log, llm.usage.total.requests]).toEqual([["reserve", "release", "reserve", "release"], 0]);
});

test.each(["generate", "stream", "fetch"])("a store that fails after %s() costs nobody the answer", async (road) => {
  const store = failing();
  const { llm, clock, baseURL } = await upstream(
    ({ body }, response) => {
      if (!body.stream) return json(response, 200, completion);
      events(
        response,
        { ...textChunk("hi"), usage: completion.usage },
        { choices: [{ delta: {}, finish_reason: "stop" }] },
      );
      return response.end("data: [DONE]\n\n");
    },
    { model, budget: roomy, budgetStore: store },
  );
  const { warnings } = watch(llm);
  if (road === "generate") expect((await llm.generate({ prompt })).text).toBe("hi");
  if (road === "stream") expect((await llm.stream({ prompt }).result).text).toBe("hi");
  if (road === "fetch") {
    const answer = await llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [] }));
    expect(await answer.json()).toEqual(completion);
  }
  await llm.close({ graceMs: 400 });
  expect(clock.now()).toBe(0);
  expect(warnings).toEqual([{ code: "budget_store", message: "the budget store failed after the call: RangeError" }]);
  expect([store.log, llm.usage.total]).toMatchObject([["reserve", "settle 0.25"], { requests: 1, usd: 0.25 }]);
});

test("an answer without usage is looked up behind the caller's back, and settled with what was found", async () => {
  const store = new BudgetLog();
  const { llm, clock, requests } = await upstream(
    ({ path }, response) =>
      path.includes("/generation")
        ? json(response, 200, { data: { total_cost: 0.3 } })
        : json(response, 200, { ...completion, usage: undefined }),
    { model, budget: roomy, budgetStore: store },
  );
  expect((await llm.generate({ prompt })).cost).toBeUndefined();
  expect(store.log).toEqual(["reserve"]);
  await clock.waiting(500);
  clock.advance(500);
  await llm.settled();
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /api/v1/chat/completions",
    "GET /api/v1/generation?id=gen-1",
  ]);
  expect([store.log, llm.usage.total]).toMatchObject([["reserve", "settle 0.3"], { requests: 1, usd: 0.3 }]);
});

test("an interrupted answer is looked up until it is found", async () => {
  const { llm, clock, store, usage: told } = await interrupted({}, { foundAt: 3 });
  for await (const _ of llm.stream({ prompt })) break;
  for (const ms of [500, 1_000, 2_000]) {
    await clock.waiting(ms);
    clock.advance(ms);
  }
  await llm.settled();
  expect(store.log).toEqual(["reserve", "settle 0.3"]);
  expect(told).toMatchObject([{ cost: { usd: 0.3, source: "generation" }, generationId: "gen-1" }]);
});

test("an interrupted answer that no look finds is estimated, not booked as nothing", async () => {
  const { llm, clock, store, usage: told } = await interrupted({}, { foundAt: 100 });
  for await (const _ of llm.stream({ prompt })) break;
  for (const ms of [500, 1_000, 2_000, 4_000, 8_000]) {
    await clock.waiting(ms);
    clock.advance(ms);
  }
  await llm.settled();
  expect(told).toMatchObject([{ cost: { source: "estimate" } }]);
  expect(store.log).toEqual(["reserve", `settle ${told[0]?.cost?.totalUsd}`]);
  expect(told[0]?.cost?.usd).toBeGreaterThan(0.005);
});

test("an interrupted answer of a provider that cannot be asked is estimated at once", async () => {
  const { llm, store, requests, usage: told } = await interrupted({ provider: "openai" });
  for await (const _ of llm.stream({ prompt })) break;
  await store.booked;
  expect(store.log).toEqual(["reserve", `settle ${told[0]?.cost?.totalUsd}`]);
  expect(told[0]?.cost).toMatchObject({ source: "estimate" });
  expect(told[0]?.cost?.usd).toBeGreaterThan(0.005);
  expect(requests).toHaveLength(1);
});

test("a server of the user's own is never asked for a generation", async () => {
  const { llm, clock, requests } = await interrupted({ provider: "custom", model: "llama3" });
  const stream = llm.stream({ prompt });
  for await (const _ of stream) break;
  await rejection(stream.result);
  expect(clock.pending).not.toContain(500);
  await llm.settled();
  expect(requests.map(({ path }) => path)).toEqual(["/api/v1/chat/completions"]);
});

test("a relay that is cancelled is looked up, not booked as free", async () => {
  const { llm, clock, store, baseURL, requests } = await interrupted({});
  const answer = await llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [], stream: true }));
  const reader = answer.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await clock.waiting(500);
  clock.advance(500);
  await llm.settled();
  expect(requests.at(-1)?.path).toBe("/api/v1/generation?id=gen-1");
  expect([store.log, llm.usage.total.usd]).toEqual([["reserve", "settle 0.3"], 0.3]);
});

test("a relay that is cancelled while its store is still booking is settled once", async () => {
  const booking = Promise.withResolvers<void>();
  const store = new BudgetLog(() => booking.promise);
  const { llm, baseURL } = await upstream((_seen, response) => json(response, 200, completion), {
    budget: roomy,
    budgetStore: store,
  });
  const answer = await llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [] }));
  const reader = answer.body?.getReader();
  await reader?.read();
  await store.booked;
  const cancelled = reader?.cancel();
  booking.resolve();
  await cancelled;
  expect([store.log, llm.usage.total.requests]).toEqual([["reserve", "settle 0.25"], 1]);
});

test("S43 embeddings are held to a budget on either road: let through where it has room, refused where it has none", async () => {
  const answer = { data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 1, total_tokens: 1, cost: 0.1 } };
  const { llm, baseURL, requests } = await upstream((_seen, response) => json(response, 200, answer), {
    budget: { usd: 0.2, per: "day" },
  });
  expect((await llm.embed({ model, input: "x" })).embeddings).toEqual([[1]]);
  const fetchOne = () => llm.scope({ user: "ada" }).fetch(`${baseURL}/embeddings`, post({ model, input: "x" }));
  expect(await (await fetchOne()).json()).toEqual(answer);
  expect([(await fetchOne()).status, requests.length, llm.usage.total.usd]).toEqual([402, 2, 0.2]);
  expect((await rejection(llm.embed({ model, input: "x" }))).code).toBe("budget_exceeded");
});
