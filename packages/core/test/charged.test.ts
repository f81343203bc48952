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
