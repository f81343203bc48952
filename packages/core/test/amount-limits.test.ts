import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type LimitEntry, type LimitStore, LLMClient } from "../src/index.js";
import { turnUntil } from "./answer-server.js";
import { rejection } from "./rejection.js";
import { completion, events, json, post, type Seen, textChunk, upstream } from "./upstream.js";

const model = "openai/gpt-4o";
const prompt = "x";
const answered = (_seen: Seen, response: Parameters<typeof json>[0]) => json(response, 200, completion);

/** Lets everything through and remembers what it was told. */
function toldStore() {
  const taken: LimitEntry[][] = [];
  const corrected: [unknown, Readonly<Record<string, number>>][] = [];
  const store: LimitStore = {
    async take(entries) {
      taken.push(entries);
      return { ok: true, receipt: `r${taken.length}` };
    },
    async correct(receipt, weights) {
      corrected.push([receipt, weights]);
    },
  };
  return { store, taken, corrected };
}

describe("what a call takes of tokens and money", () => {
  const limits = { tokensPerMinute: 100_000, usdPerMinute: 5 };

  test("is the most it can use and cost, corrected to what it used and cost, for whom the scope is", async () => {
    const { store, taken, corrected } = toldStore();
    const { llm } = await upstream(answered, { model, limits, limitStore: store });
    await llm.scope({ user: "ann" }).generate({ prompt, maxTokens: 100 });
    await turnUntil(() => corrected.length === 1);
    const [tokens, usd] = taken[0] ?? [];
    expect(taken).toMatchObject([
      [
        { counter: "tokens:ann", limit: 100_000, windowMs: 60_000 },
        { counter: "usd:ann", limit: 5_000_000_000, windowMs: 60_000 },
      ],
    ]);
    expect(tokens?.weight).toBeGreaterThan(100);
    expect(tokens?.weight).toBeLessThan(150);
    // 100 tokens of an answer at 10 USD a million, and a prompt.
    expect(usd?.weight).toBeGreaterThanOrEqual(1_000_000);
    expect(usd?.weight).toBeLessThan(1_500_000);
    expect(corrected).toEqual([["r1", { "tokens:ann": 5, "usd:ann": 250_000_000 }]]);
  });

  test("is corrected on every road", async () => {
    const { store, corrected } = toldStore();
    const { llm, baseURL } = await upstream(
      ({ body, path }, response) => {
        if (body.stream !== true) return json(response, 200, path.endsWith("embeddings") ? embedding : completion);
        events(response, textChunk("hi"), { id: "gen-1", choices: [], usage: completion.usage }, "data: [DONE]\n\n");
        response.end();
      },
      { model, limits, limitStore: store },
    );
    await llm.stream({ prompt }).result;
    await turnUntil(() => corrected.length === 1);
    await (await llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [], max_tokens: 9 }))).text();
    await turnUntil(() => corrected.length === 2);
    await llm.embed({ input: prompt, model: "openai/text-embedding-3-small" });
    await turnUntil(() => corrected.length === 3);
    expect(corrected.map(([, weights]) => Object.values(weights)[0])).toEqual([5, 5, 2]);
  });

  test("is nothing for an attempt that upstream refused, and the next attempt takes anew", async () => {
    const { store, taken, corrected } = toldStore();
    const { llm, clock } = await upstream(
      (_seen, response, count) =>
        count === 1 ? json(response, 503, { error: { code: 503, message: "busy" } }) : json(response, 200, completion),
      { model, limits: { tokensPerMinute: 100_000 }, limitStore: store },
    );
    const work = llm.generate({ prompt });
    await clock.waiting(250);
    clock.advance(250);
    await work;
    await turnUntil(() => corrected.length === 2);
    expect([taken.length, corrected.map(([receipt, weights]) => [receipt, Object.values(weights)])]).toEqual([
      2,
      [
        ["r1", [0]],
        ["r2", [5]],
      ],
    ]);
  });

  test("is nothing where nothing was sent", async () => {
    const { store, corrected } = toldStore();
    const { llm } = await upstream(answered, { model, limits: { tokensPerMinute: 100_000 }, limitStore: store });
    const scoped = llm.scope({ apiKey: "other" });
    const caller = new AbortController();
    const take = store.take.bind(store);
    store.take = async (entries) => {
      const answer = await take(entries);
      caller.abort();
      return answer;
    };
    expect((await rejection(scoped.generate({ prompt, signal: caller.signal }))).code).toBe("aborted");
    await turnUntil(() => corrected.length === 1);
    expect(corrected.map(([, weights]) => Object.values(weights))).toEqual([[0]]);
  });
});

describe("a store that answers late", () => {
  test("is told that a caller who has left meanwhile used nothing", async () => {
    const { store, corrected } = toldStore();
    const take = store.take.bind(store);
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    store.take = async (entries) => {
      asked.resolve();
      await answer.promise;
      return take(entries);
    };
    const { llm, requests } = await upstream(answered, {
      model,
      limits: { tokensPerMinute: 100_000 },
      limitStore: store,
    });
    const caller = new AbortController();
    const work = rejection(llm.generate({ prompt, signal: caller.signal }));
    await asked.promise;
    caller.abort();
    expect((await work).code).toBe("aborted");
    answer.resolve();
    await turnUntil(() => corrected.length === 1);
    expect([corrected.map(([, weights]) => Object.values(weights)), requests.length]).toEqual([[[0]], 0]);
  });

  test("and cannot be corrected costs a call nothing", async () => {
    const { store } = toldStore();
    store.correct = () => Promise.reject(new Error("down"));
    const { llm } = await upstream(answered, { model, limits: { tokensPerMinute: 100_000 }, limitStore: store });
    expect([(await llm.generate({ prompt })).text, (await llm.generate({ prompt })).text]).toEqual(["hi", "hi"]);
  });
});

describe("a limit on tokens", () => {
  test("lets as many calls pass as fit by what they really used", async () => {
    const limits = { tokensPerMinute: 200, onLimit: "reject" } as const;
    const { llm, requests } = await upstream(answered, { model, limits });
    const ask = () => llm.generate({ prompt, maxTokens: 100 });
    for (let call = 0; call < 15; call++) await ask();
    expect(await rejection(Promise.all([ask(), ask()]))).toMatchObject({ code: "rate_limit" });
    expect(requests.length).toBeLessThanOrEqual(17);
  });

  test("lets a call that waits in as soon as one before it has told that it used less", async () => {
    const first = Promise.withResolvers<void>();
    const { llm, clock, requests } = await upstream(
      async (_seen, response, count) => {
        if (count === 1) await first.promise;
        json(response, 200, completion);
      },
      { model, limits: { tokensPerMinute: 200 } },
    );
    const ask = () => llm.generate({ prompt, maxTokens: 150 });
    const one = ask();
    await turnUntil(() => requests.length === 1);
    const two = ask();
    await clock.waiting(10_000);
    expect(requests).toHaveLength(1);
    first.resolve();
    expect([(await one).text, (await two).text, clock.now()]).toEqual(["hi", "hi", 0]);
  });

  test("ends the waiting of a call for which nobody makes room in time", async () => {
    const { llm, clock, requests } = await upstream(() => {}, { model, limits: { tokensPerMinute: 200 } });
    const one = rejection(llm.generate({ prompt, maxTokens: 150 }));
    await turnUntil(() => requests.length === 1);
    const two = rejection(llm.generate({ prompt, maxTokens: 150 }));
    await clock.waiting(10_000);
    // The store in memory has answered by the next turn.
    await setImmediate();
    clock.advance(10_000);
    expect(await two).toMatchObject({ code: "rate_limit", retryAfterMs: 50_000 });
    await llm.close();
    expect((await one).code).toBe("aborted");
  });

  test.each([
    [{ tokensPerMinute: 100 }, "limits.tokensPerMinute` lets pass: 100"],
    [{ usdPerMinute: 0.001 }, "limits.usdPerMinute` lets pass: 0.001 USD"],
  ])("%j refuses a call that no window has room for, and says how to make it fit", async (limits, words) => {
    const { llm, requests } = await upstream(answered, { model, limits });
    const error = await rejection(llm.generate({ prompt, maxTokens: 1_000 }));
    expect(error).toMatchObject({ code: "rate_limit", retryable: false });
    expect([error.detail, error.hint]).toEqual([expect.stringContaining(words), expect.stringContaining("maxTokens")]);
    expect([error.retryAfterMs, requests.length]).toEqual([undefined, 0]);
  });

  test("of 0 is off, and a limit that cannot be is refused with the others", async () => {
    const { llm } = await upstream(answered, { model, limits: { tokensPerMinute: 0, usdPerMinute: 0 } });
    expect((await llm.generate({ prompt })).text).toBe("hi");
    const limits = { tokensPerMinute: 1.5, usdPerMinute: -1, tokenPerMinute: 1 };
    expect(() => new LLMClient({ apiKey: "k", env: false, limits })).toThrow(
      /tokensPerMinute[\s\S]*usdPerMinute|usdPerMinute[\s\S]*tokensPerMinute/,
    );
  });
});

const embedding = {
  data: [{ index: 0, embedding: [1, 2] }],
  model: "m",
  usage: { prompt_tokens: 2, total_tokens: 2, cost: 0.01 },
};
