import { describe, expect, test } from "vitest";
import type { BudgetStore, LimitStore, ReserveAnswer } from "../src/index.js";
import { turnUntil } from "./answer-server.js";
import { BudgetLog, roomy } from "./budget-log.js";
import { rejection } from "./rejection.js";
import { completion, json, post, type Seen, upstream } from "./upstream.js";

const prompt = "x";
const model = "openai/gpt-4o";
const answered = (_seen: Seen, response: Parameters<typeof json>[0]) => json(response, 200, completion);
const down = () => Promise.reject(new RangeError("redis://user:hunter2@db is down"));

/** A store that answers when it is told to. */
function slowStore() {
  const log: string[] = [];
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<ReserveAnswer>();
  const store: BudgetStore = {
    reserve() {
      log.push("reserve");
      asked.resolve();
      return answer.promise;
    },
    settle: async (_id, usd) => void log.push(`settle ${usd}`),
    release: async () => void log.push("release"),
  };
  return { store, log, asked: asked.promise, answer: answer.resolve };
}

describe("a budget store that fails before the call", () => {
  test.each(["generate", "stream", "embed"] as const)(
    "lets no %s() through, and says whose fault it is",
    async (road) => {
      const { llm, requests } = await upstream(answered, {
        model,
        budget: roomy,
        budgetStore: { reserve: down, settle: down, release: async () => {} },
      });
      const work = {
        generate: () => llm.generate({ prompt }),
        stream: () => llm.stream({ prompt }).result,
        embed: () => llm.embed({ input: prompt }),
      }[road]();
      const error = await rejection(work);
      expect(error).toMatchObject({
        code: "provider_error",
        detail: "the budget store failed, and the call was not sent: RangeError",
        retryable: true,
        attempts: [],
      });
      expect(JSON.stringify(error)).not.toContain("hunter2");
      expect([requests.length, llm.usage.total.requests]).toEqual([0, 0]);
    },
  );

  test("lets no llm.fetch through either", async () => {
    const { llm, baseURL, requests } = await upstream(answered, {
      budget: roomy,
      budgetStore: { reserve: down, settle: down, release: async () => {} },
    });
    const work = llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [] }));
    expect([(await rejection(work)).code, requests.length]).toEqual(["provider_error", 0]);
  });

  test("is asked to give back what it may have reserved all the same; a failure of that is told", async () => {
    const log: string[] = [];
    const told = Promise.withResolvers<string>();
    const { llm } = await upstream(answered, {
      model,
      budget: roomy,
      budgetStore: {
        reserve: async () => {
          log.push("reserve");
          return down();
        },
        settle: down,
        release: async () => {
          log.push("release");
          return down();
        },
      },
    });
    llm.on("warning", ({ code }) => told.resolve(code));
    await rejection(llm.generate({ prompt }));
    expect([await told.promise, log]).toEqual(["budget_store", ["reserve", "release"]]);
  });
});

describe("a budget store that hangs", () => {
  test("holds nobody who has left, and what it reserves after all is given back", async () => {
    const slow = slowStore();
    const { llm, requests } = await upstream(answered, { model, budget: roomy, budgetStore: slow.store });
    const caller = new AbortController();
    const work = rejection(llm.generate({ prompt, signal: caller.signal }));
    await slow.asked;
    caller.abort();
    expect((await work).code).toBe("aborted");
    slow.answer({ ok: true });
    await turnUntil(() => slow.log.length === 2);
    expect([slow.log, requests.length]).toEqual([["reserve", "release"], 0]);
  });

  test("counts into totalMs; a refusal that comes after all gives nothing back", async () => {
    const slow = slowStore();
    const options = { model, budget: roomy, budgetStore: slow.store, timeouts: { totalMs: 500 } };
    const { llm, clock, requests } = await upstream(answered, options);
    const work = rejection(llm.generate({ prompt }));
    await slow.asked;
    clock.advance(500);
    expect(await work).toMatchObject({ code: "timeout", phase: "total" });
    slow.answer({ ok: false, counter: "c", limitUsd: 1, usedUsd: 1 });
    await llm.settled();
    expect([slow.log, requests.length]).toEqual([["reserve"], 0]);
  });

  test("that only is slow lets the call through, once it has answered", async () => {
    const slow = slowStore();
    const { llm, requests } = await upstream(answered, { model, budget: roomy, budgetStore: slow.store });
    const work = llm.generate({ prompt });
    await slow.asked;
    expect(requests).toHaveLength(0);
    slow.answer({ ok: true });
    expect((await work).text).toBe("hi");
    expect(slow.log).toEqual(["reserve", "settle 0.25"]);
  });
});

describe("a limit store", () => {
  const limits = { requestsPerMinute: 5 };

  test("that fails lets nothing through and costs no budget", async () => {
    const store = new BudgetLog();
    const { llm, requests } = await upstream(answered, {
      model,
      limits,
      limitStore: { take: down },
      budget: roomy,
      budgetStore: store,
    });
    const error = await rejection(llm.generate({ prompt }));
    expect(error).toMatchObject({
      code: "provider_error",
      detail: "the limit store failed, and the call was not sent: RangeError",
    });
    expect([store.log, requests.length]).toEqual([["reserve", "release"], 0]);
  });

  test("that hangs holds a call for maxWaitMs at most", async () => {
    const take = () => new Promise<never>(() => {});
    const options = { model, limits: { ...limits, maxWaitMs: 300 }, limitStore: { take } };
    const { llm, clock, requests } = await upstream(answered, options);
    const work = rejection(llm.generate({ prompt }));
    await clock.waiting(300);
    clock.advance(300);
    expect([(await work).code, requests.length]).toEqual(["rate_limit", 0]);
  });

  test("that cannot be told of a 429 costs the call nothing but a line in the log", async () => {
    const logged = Promise.withResolvers<unknown>();
    const limitStore: LimitStore = { take: async () => ({ ok: true }), block: down };
    const { llm } = await upstream(
      (_seen, response) => json(response, 429, { error: { code: 429 } }, { "retry-after": "60" }),
      { model, limits, limitStore, retry: false, logger: { error: (message) => logged.resolve(message) } },
    );
    expect(await rejection(llm.generate({ prompt }))).toMatchObject({ code: "rate_limit", retryAfterMs: 60_000 });
    expect(await logged.promise).toBe("background work failed");
  });
});

test("what a store is given can be sent to another process", async () => {
  const given: unknown[] = [];
  const { llm } = await upstream(answered, {
    model,
    budget: [
      { usd: 1, per: "day" },
      { usd: 9, per: "month", key: "team:ä" },
    ],
    budgetStore: {
      reserve: async (...told) => {
        given.push(told);
        return { ok: true };
      },
      settle: async (...told) => void given.push(told),
      release: async () => {},
    },
    limits: { requestsPerMinute: 5 },
    limitStore: {
      take: async (...told) => {
        given.push(told);
        return { ok: true };
      },
    },
  });
  await llm.scope({ user: "ann" }).generate({ prompt, maxTokens: 10 });
  expect(JSON.parse(JSON.stringify(given))).toEqual(given);
  expect(given).toMatchObject([
    [
      [
        { counter: "budget:ann:day:2026-11-23", limitUsd: 1, resetsAt: Date.UTC(2026, 10, 24) },
        { counter: "budget:team%3A%C3%A4:month:2026-11", limitUsd: 9, resetsAt: Date.UTC(2026, 11, 1) },
      ],
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ],
    [[{ counter: "requests:ann", limit: 5, windowMs: 60_000 }]],
    [expect.any(String), 0.25],
  ]);
});
