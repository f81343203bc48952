import { expect, test } from "vitest";
import { createError } from "../src/errors/error-classes.js";
import type { LLMClient } from "../src/index.js";
import { turnUntil } from "./answer-server.js";
import { rejection } from "./rejection.js";
import { never, scriptedClient } from "./scripted-client.js";

const prompt = "hi";
function retriesOf(llm: LLMClient): number[] {
  const attempts: number[] = [];
  llm.on("retry", ({ attempt }) => attempts.push(attempt));
  return attempts;
}

test("onLimit: reject rejects at once: nothing is sent, nothing is retried", async () => {
  const limits = { requestsPerMinute: 1, onLimit: "reject" } as const;
  const { llm, clock, provider } = scriptedClient(["x"], { retry: {}, limits });
  const retries = retriesOf(llm);
  await llm.generate({ prompt });
  const error = await rejection(llm.generate({ prompt }));
  expect([error.code, error.attempts, error.upstream, retries]).toEqual(["rate_limit", [], undefined, []]);
  expect([provider.requests.length, clock.pending, clock.now()]).toEqual([1, [], 0]);
});

test("onLimit: reject holds for concurrency, and the place is free again when its call has ended", async () => {
  const answer = Promise.withResolvers<string>();
  const limits = { maxConcurrency: 1, onLimit: "reject" } as const;
  const { llm } = scriptedClient([() => answer.promise], { retry: {}, limits });
  const retries = retriesOf(llm);
  const first = llm.generate({ prompt });
  expect([(await rejection(llm.generate({ prompt }))).code, retries]).toEqual(["rate_limit", []]);
  answer.resolve("done");
  expect([(await first).text, (await llm.generate({ prompt })).text]).toEqual(["done", "done"]);
});

test("under limits, too, two calls that start together share no money of a budget", async () => {
  const reply = { text: "ok", usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, cost: 0.1 } };
  const options = { model: "openai/gpt-4o", maxTokens: 50_000, limits: { requestsPerMinute: 100 } };
  const { llm, provider } = scriptedClient([reply, never], { ...options, budget: { usd: 1, per: "day" } });
  await llm.generate({ prompt });
  const first = rejection(llm.generate({ prompt }));
  const second = await rejection(llm.generate({ prompt }));
  expect([second.code, provider.requests.length]).toEqual(["budget_exceeded", 2]);
  expect(second.detail).toMatch(/has 0\.39\d* USD left; this call may cost 0\.50\d* USD/);
  await llm.close();
  expect((await first).code).toBe("aborted");
});

test("a wait that ran into maxWaitMs is over: it is not retried", async () => {
  const { llm, clock, provider } = scriptedClient([never], { retry: {}, limits: { maxConcurrency: 1, maxWaitMs: 50 } });
  const retries = retriesOf(llm);
  const first = rejection(llm.generate({ prompt }));
  await turnUntil(() => provider.requests.length === 1);
  const second = rejection(llm.generate({ prompt }));
  await clock.waiting(50);
  clock.advance(50);
  expect([(await second).code, retries, provider.requests.length]).toEqual(["rate_limit", [], 1]);
  await llm.close();
  expect((await first).code).toBe("aborted");
});

test("refusals of our own take nothing from the client's retry budget", async () => {
  const replies = [never, createError("provider_overloaded", "busy"), "ok"];
  const { llm, clock } = scriptedClient(replies, { retry: {}, limits: { maxConcurrency: 1, onLimit: "reject" } });
  const first = rejection(llm.generate({ prompt }));
  for (let count = 0; count < 200; count++) expect((await rejection(llm.generate({ prompt }))).code).toBe("rate_limit");
  const other = llm.scope({ limits: false }).generate({ prompt });
  await clock.waiting(250);
  clock.advance(250);
  expect((await other).text).toBe("ok");
  await llm.close();
  expect((await first).code).toBe("aborted");
});
