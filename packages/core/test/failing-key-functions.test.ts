import { expect, test } from "vitest";
import { type LLMClient, LLMError } from "../src/index.js";
import { rejection } from "./rejection.js";
import { completion, events, json, textChunk, upstream } from "./upstream.js";

const model = "openai/gpt-4o";
const canary = "quince-04bc";

const ROADS: Record<string, (llm: LLMClient) => Promise<unknown>> = {
  generate: (llm) => llm.generate({ prompt: "x" }),
  stream: (llm) => llm.stream({ prompt: "x" }).result,
  embed: (llm) => llm.embed({ input: "x" }),
  "account.key": (llm) => llm.account.key(),
  "models.refresh": (llm) => llm.models.refresh(),
};

test.each(Object.entries(ROADS))(
  "a key function that throws fails %s, which does not repeat its words",
  async (_name, road) => {
    const cause = new Error(`the vault refuses ${canary}`);
    const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), {
      model,
      apiKey: async () => {
        throw cause;
      },
    });
    const error = await rejection(road(llm));
    expect(LLMError.is(error) && [error.code, error.detail, error.retryable]).toEqual([
      "provider_error",
      "the function `apiKey` failed: Error",
      true,
    ]);
    expect([error.message, error.stack, JSON.stringify(error)].filter((text) => text?.includes(canary))).toEqual([]);
    expect([error.cause, requests.length]).toEqual([cause, 0]);
  },
);

test("an LLMError of a key function is told as it is", async () => {
  const refusal = new LLMError("authentication", "no such tenant");
  const { llm } = await upstream((_seen, response) => json(response, 200, completion), {
    model,
    apiKey: () => Promise.reject(refusal),
  });
  expect(await rejection(llm.generate({ prompt: "x" }))).toMatchObject({
    code: "authentication",
    detail: "no such tenant",
  });
});

test("a key function that hangs keeps nothing set aside when it is asked for what an answer has cost", async () => {
  let isVaultAway = false;
  const asked = Promise.withResolvers<void>();
  const { llm, clock } = await upstream((_seen, response) => events(response, textChunk("word")), {
    model,
    budget: { usd: 5, per: "day" },
    apiKey: () => {
      if (!isVaultAway) return "key";
      asked.resolve();
      return new Promise<string>(() => {});
    },
  });
  for await (const _ of llm.stream({ prompt: "x", maxTokens: 10 })) break;
  isVaultAway = true;
  for (const pauseMs of [500, 1_000, 2_000, 4_000, 8_000]) {
    await clock.waiting(pauseMs);
    clock.advance(pauseMs);
    await clock.waiting(10_000);
    clock.advance(10_000);
  }
  await asked.promise;
  await llm.settled();
  expect(llm.usage.total).toMatchObject({ requests: 1, usd: expect.any(Number) });
  expect(llm.usage.total.usd).toBeGreaterThan(0);
});
