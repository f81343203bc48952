import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { LLMClient } from "../src/index.js";
import { BudgetLog, roomy } from "./budget-log.js";
import { rejection } from "./rejection.js";
import { completion, json, upstream } from "./upstream.js";

const model = "openai/gpt-4o";
type Headers = Record<string, string>;
const ROADS: Record<string, (llm: LLMClient, headers: Headers) => Promise<unknown>> = {
  generate: (llm, headers) => llm.generate({ model, prompt: "x", headers }),
  stream: (llm, headers) => llm.stream({ model, prompt: "x", headers }).result,
  embed: (llm, headers) => llm.embed({ model, input: "x", headers }),
  rerank: (llm, headers) => llm.rerank({ model, query: "q", documents: ["x"], headers }),
};

describe.each(Object.entries(ROADS))("F84 a header of %s()", (_road, ask) => {
  test.each(["caf\u00e9 walrus", "\u65e5\u672c walrus", "walrus\r\nx-evil: 1", "walrus\u0000", "\u{1f9ad} walrus"])(
    "%j is refused by its name, never its value, and nothing is sent or kept",
    async (value) => {
      const store = new BudgetLog();
      const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), {
        budget: roomy,
        budgetStore: store,
      });
      const error = await rejection(ask(llm, { "X-Own": value }));
      expect([error.code, error.detail, error.attempts.length > 1]).toEqual([
        "invalid_request",
        "the header x-own is not legal",
        false,
      ]);
      expect(error.hint).toContain("percent-encode");
      expect(`${inspect(error)}${JSON.stringify(error)}`).not.toContain("walrus");
      expect([requests, store.log.at(-1)]).toEqual([[], "release"]);
    },
  );
});

test("F84 plain ASCII goes out as it is", async () => {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion));
  await llm.generate({ model, prompt: "x", headers: { "X-Own": 'a ~!"%C3%A9' } });
  expect(requests[0]?.headers["x-own"]).toBe('a ~!"%C3%A9');
});
