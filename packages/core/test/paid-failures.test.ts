import { describe, expect, test } from "vitest";
import type { LLMClient } from "../src/index.js";
import { BudgetLog } from "./budget-log.js";
import { rejection } from "./rejection.js";
import { completion, json, upstream } from "./upstream.js";

const model = "openai/gpt-4o";
const ROADS: Record<string, (llm: LLMClient) => Promise<unknown>> = {
  embed: (llm) => llm.embed({ model, input: "x" }),
  rerank: (llm) => llm.rerank({ model, query: "q", documents: ["x"] }),
  generate: (llm) => llm.generate({ model, prompt: "x", maxTokens: 10 }),
};
const failed = {
  id: "gen-1",
  error: { code: 502, message: "the provider failed" },
  usage: { prompt_tokens: 3, total_tokens: 3, cost: 0.25 },
};

describe.each(Object.entries(ROADS))("%s(): a failure that says what it has cost", (road, ask) => {
  test("is counted and settled, once", async () => {
    const store = new BudgetLog();
    const budget = { usd: 10, per: "day", unknownPrice: "allow" } as const;
    const { llm } = await upstream((_seen, response) => json(response, 200, failed), {
      retry: false,
      budget,
      budgetStore: store,
    });
    const told: unknown[] = [];
    llm.on("usage", ({ cost, generationId }) => told.push([cost?.usd, generationId]));
    expect((await rejection(ask(llm))).code).toBe("provider_error");
    await llm.settled();
    expect([llm.usage.total.usd, llm.usage.total.promptTokens, told]).toEqual([0.25, 3, [[0.25, "gen-1"]]]);
    expect(store.log).toEqual(["reserve", "settle 0.25"]);
  });

  test("counts beside the answer of the next attempt", async () => {
    const answers: Record<string, object> = {
      embed: { data: [{ index: 0, embedding: [1] }], usage: completion.usage },
      rerank: { results: [{ index: 0, relevance_score: 1 }], usage: completion.usage },
      generate: completion,
    };
    const { llm, clock } = await upstream((_seen, response, count) =>
      json(response, 200, count === 1 ? failed : answers[road]),
    );
    const work = ask(llm);
    await clock.waiting(250);
    clock.advance(250);
    await work;
    expect(llm.usage.total.usd).toBe(0.5);
  });

  test("with an answer beside it, too", async () => {
    const both = { ...failed, data: [{ index: 0, embedding: [1] }], results: [{ index: 0, relevance_score: 1 }] };
    const { llm } = await upstream((_seen, response) => json(response, 200, both), { retry: false });
    expect((await rejection(ask(llm))).code).toBe("provider_error");
    expect(llm.usage.total.usd).toBe(0.25);
  });
});
