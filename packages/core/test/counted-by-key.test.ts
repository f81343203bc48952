import { expect, test } from "vitest";
import { rejection } from "./rejection.js";
import { completion, json, upstream } from "./upstream.js";

const model = "openai/gpt-4o";
const request = { prompt: "x", model, maxTokens: 1_000 };
const answered = (_seen: object, response: Parameters<typeof json>[0]) => json(response, 200, completion);

test("S43 key functions that give the same key share its budget, with each other and with the key itself", async () => {
  const { llm, requests } = await upstream(answered, { budget: { usd: 0.255, per: "day" } });
  const as = (apiKey: string | (() => string | Promise<string>)) => llm.scope({ apiKey });
  await as(() => "key-of-ann").generate(request);
  for (const apiKey of [() => "key-of-ann", async () => " key-of-ann ", "key-of-ann"] as const)
    expect((await rejection(as(apiKey).generate(request))).code).toBe("budget_exceeded");
  await as(() => "key-of-ben").generate(request);
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer key-of-ann", "Bearer key-of-ben"]);
});

test("S43 the client's own key function counts by what it gives, too", async () => {
  let key = "first";
  const { llm, requests } = await upstream(answered, { apiKey: () => key, budget: { usd: 0.255, per: "day" } });
  await llm.generate(request);
  expect((await rejection(llm.generate(request))).code).toBe("budget_exceeded");
  key = "second";
  await llm.generate(request);
  expect(requests).toHaveLength(2);
});

test("S36 limits count by the key, whichever function gives it", async () => {
  const { llm, requests } = await upstream(answered, { limits: { requestsPerMinute: 1, onLimit: "reject" } });
  const as = (key: string) => llm.scope({ apiKey: async () => key });
  await as("key-of-ann").generate(request);
  expect((await rejection(as("key-of-ann").generate(request))).code).toBe("rate_limit");
  await as("key-of-ben").generate(request);
  expect(requests).toHaveLength(2);
});

test("S35 what a 429 taught of a key holds for every function that gives it", async () => {
  const { llm, requests } = await upstream(
    (_seen, response) =>
      json(
        response,
        429,
        { error: { code: 429, message: "slow down" } },
        { "x-ratelimit-limit": "20", "retry-after": "30" },
      ),
    { retry: false, limits: { onLimit: "reject" } },
  );
  const ask = () =>
    rejection(llm.scope({ apiKey: () => "key-of-ann" }).generate({ prompt: "x", model: "openai/gpt-oss-20b:free" }));
  const first = await ask();
  await llm.settled();
  const second = await ask();
  expect([first.upstream?.status, second.upstream?.status, second.retryAfterMs, requests.length]).toEqual([
    429,
    undefined,
    30_000,
    1,
  ]);
});

test("a key function is asked once for each attempt, whatever is counted by its key", async () => {
  let asked = 0;
  const { llm, clock } = await upstream(
    (_seen, response, count) => json(response, count === 1 ? 503 : 200, count === 1 ? { error: {} } : completion),
    {
      apiKey: () => `key-${++asked}`,
      budget: { usd: 100, per: "day" },
      limits: { requestsPerMinute: 10, maxConcurrency: 2 },
    },
  );
  const work = llm.generate(request);
  await clock.waiting(250);
  clock.advance(250);
  expect([(await work).attempts.length, asked]).toEqual([2, 2]);
});

test("S43 a user's counters are the user's, whichever key is sent", async () => {
  const { llm } = await upstream(answered, { budget: { usd: 0.255, per: "day" } });
  await llm.scope({ user: "ann", apiKey: () => "one" }).generate(request);
  const other = llm.scope({ user: "ann", apiKey: () => "two" });
  expect((await rejection(other.generate(request))).code).toBe("budget_exceeded");
});
