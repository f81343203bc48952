import { describe, expect, test } from "vitest";
import { createError } from "../src/errors/error-classes.js";
import { LLMClient, type LLMClientOptions, LLMError } from "../src/index.js";
import { scriptedProvider } from "../src/testing/index.js";

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0.4 };
const budget = { usd: 1, per: "day", unknownPrice: "allow" } as const;
function client(options: LLMClientOptions = {}) {
  const provider = { ...scriptedProvider([{ text: "hello", usage }]), name: "openrouter" };
  return { llm: new LLMClient({ provider, model: "acme/unpriced", env: false, retry: false, ...options }), provider };
}
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) => (LLMError.is(error) ? error.code : String(error)),
  );

describe("who is charged", () => {
  test("a user of the scope cannot be swapped by the user a request names", async () => {
    const { llm, provider } = client();
    const ann = llm.scope({ user: "ann", budget });
    const codes: string[] = [];
    for (const user of ["x0", "x1", "x2", "x3"]) codes.push(await codeOf(ann.generate({ prompt: "hi", user })));
    expect(codes).toEqual(["none", "none", "none", "budget_exceeded"]);
    expect(llm.usage.byUser().map(({ user, requests }) => [user, requests])).toEqual([["ann", 3]]);
    expect(provider.requests.map((body) => body.user)).toEqual(["x0", "x1", "x2"]);
  });

  test("the limit of one user does not hold up another", async () => {
    const { llm } = client({ limits: { requestsPerMinute: 1, onLimit: "reject" } });
    const ask = (user: string) => codeOf(llm.scope({ user }).generate({ prompt: "hi" }));
    expect([await ask("ann"), await ask("bob"), await ask("ann")]).toEqual(["none", "none", "rate_limit"]);
  });

  test("what a fallback may cost is reserved too", async () => {
    const { llm, provider } = client({ budget: { usd: 0.001, per: "request" } });
    const cheap = { prompt: "hi", model: "openai/gpt-4o-mini", maxTokens: 100 };
    expect(await codeOf(llm.generate(cheap))).toBe("none");
    expect(await codeOf(llm.generate({ ...cheap, fallbackModels: ["anthropic/claude-sonnet-4.5"] }))).toBe(
      "budget_exceeded",
    );
    expect(provider.requests).toHaveLength(1);
  });

  test("a budget on an own provider key counts the provider's charge too; the meter keeps both", async () => {
    const byok = { ...usage, cost: 0.05, is_byok: true, cost_details: { upstream_inference_cost: 0.45 } };
    const provider = { ...scriptedProvider([{ text: "hello", usage: byok }]), name: "openrouter" };
    const llm = new LLMClient({ provider, model: "acme/unpriced", env: false, retry: false, budget });
    const costs: unknown[] = [];
    llm.on("usage", ({ cost }) => costs.push(cost));
    expect([await codeOf(llm.generate({ prompt: "hi" })), await codeOf(llm.generate({ prompt: "hi" }))]).toEqual([
      "none",
      "none",
    ]);
    expect(await codeOf(llm.scope({ budget: { usd: 0, per: "request" } }).generate({ prompt: "hi" }))).toBe(
      "budget_exceeded",
    );
    expect(costs).toEqual(
      Array(2).fill({ usd: 0.05, upstreamUsd: 0.45, isByok: true, totalUsd: 0.5, source: "provider" }),
    );
    expect(llm.usage.total).toMatchObject({ requests: 2, usd: 0.1, totalUsd: 1 });
  });

  test("calls are counted by the tags of their scope and their request; the request's win", async () => {
    const { llm } = client();
    const deck = llm.scope({ metadata: { feature: "deck", tenant: "t1" } });
    await deck.generate({ prompt: "hi" });
    await deck.stream({ prompt: "hi", metadata: { feature: "search" } }).result;
    await deck.scope({ metadata: { tenant: "t2" } }).generate({ prompt: "hi" });
    await llm.generate({ prompt: "hi" });
    const rows = (key: string) => llm.usage.byTag(key).map(({ tag, requests, usd }) => [tag, requests, usd]);
    expect(rows("feature")).toEqual([
      ["deck", 2, 0.8],
      ["search", 1, 0.4],
    ]);
    expect(rows("tenant")).toEqual([
      ["t1", 2, 0.8],
      ["t2", 1, 0.4],
    ]);
    expect(llm.usage.total.requests).toBe(4);
  });

  test("several budgets: where one refuses, no other keeps anything", async () => {
    const { llm } = client();
    const day = { usd: 1, per: "day", unknownPrice: "allow" } as const;
    const hour = { usd: 0.4, per: "hour", key: "team", unknownPrice: "allow" } as const;
    const both = llm.scope({ user: "ann", budget: [day, hour] });
    expect(await codeOf(both.generate({ prompt: "hi" }))).toBe("none");
    const priced = { prompt: "hi", model: "openai/gpt-4o", maxTokens: 50_000 };
    for (let call = 0; call < 3; call++) expect(await codeOf(both.generate(priced))).toBe("budget_exceeded");
    const strict = llm.scope({ user: "ann", budget: [day, { ...hour, key: "other", unknownPrice: "reject" }] });
    for (let call = 0; call < 3; call++)
      expect(await codeOf(strict.generate({ prompt: "hi" }))).toBe("budget_exceeded");
    expect(await codeOf(llm.scope({ user: "ann", budget: day }).generate(priced))).toBe("none");
  });

  test("a budget beyond what can be counted refuses nothing", async () => {
    const { llm } = client({ budget: { usd: Number.MAX_SAFE_INTEGER, per: "day", unknownPrice: "allow" } });
    expect(await codeOf(llm.generate({ prompt: "hi" }))).toBe("none");
  });
});

test("S38 a model that upstream does not know is told with the nearest ids", async () => {
  const provider = { ...scriptedProvider([createError("model_not_found", "model not found: x")]), name: "openrouter" };
  const llm = new LLMClient({ provider, env: false, retry: false });
  const error = await llm.generate({ prompt: "hi", model: "openai/gpt-4o-mni" }).catch((thrown: LLMError) => thrown);
  expect(LLMError.is(error) && error.hint).toContain("openai/gpt-4o-mini");
});
