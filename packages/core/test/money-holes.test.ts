import { expect, test } from "vitest";
import type { LLMClient, LLMClientOptions } from "../src/index.js";
import { memoryLedger } from "../src/ledger/index.js";
import { turnUntil } from "./answer-server.js";
import { BudgetLog, roomy } from "./budget-log.js";
import { rejection } from "./rejection.js";
import { scriptedClient, turnOfTheLoop } from "./scripted-client.js";
import { completion, json, post, type Seen, upstream } from "./upstream.js";

const prompt = "x";
const model = "openai/gpt-4o";
type Response = Parameters<typeof json>[0];
const answered = (_seen: Seen, response: Response) => json(response, 200, completion);
const usage = { prompt_tokens: 10, completion_tokens: 0, total_tokens: 10, cost: 0.125 };

/** Lets look-ups and pauses before retries pass. */
async function settled({ llm, clock }: { llm: LLMClient; clock: { advance(ms: number): void } }): Promise<void> {
  let over = false;
  const work = llm.settled({ timeoutMs: 1e6 }).then(() => {
    over = true;
  });
  while (!over) {
    await turnOfTheLoop();
    clock.advance(500);
  }
  await work;
}

test.each([{ max_tokens: 1e21 }, { max_tokens: 1e300, n: 1e300 }])(
  "an answer of %o is more than any budget has",
  async (size) => {
    const { llm, baseURL, requests } = await upstream(answered, {
      budget: [
        { usd: 1, per: "request" },
        { usd: 1, per: "day" },
      ],
    });
    for (const road of ["chat/completions", "responses"]) {
      const answer = await llm.fetch(`${baseURL}/${road}`, post({ model, messages: [], ...size }));
      expect([answer.status, requests.length]).toEqual([402, 0]);
    }
  },
);

test("a user whom only the body of a request names has no budget of its own", async () => {
  const { llm, baseURL } = await upstream(answered, { budget: { ...roomy, usd: 0.5 } });
  const statuses: number[] = [];
  for (const user of ["x0", "x1", "x2"]) {
    const asked = post({ model, messages: [], max_tokens: 1, user });
    const answer = await llm.fetch(`${baseURL}/chat/completions`, asked);
    await answer.text();
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([200, 200, 402]);
  expect(llm.usage.byUser().map((row) => row.user)).toEqual(["x0", "x1"]);
});

test("a user of any spelling has a budget", async () => {
  const { llm } = scriptedClient(["a", "b"], { model });
  const ann = llm.scope({ user: "ann \ud800", budget: roomy });
  expect((await ann.generate({ prompt })).text).toBe("a");
});

test.each(["generate", "stream"] as const)(
  "a %s() that is tried again counts what upstream billed for each try",
  async (road) => {
    const store = new BudgetLog();
    const empty = {
      ...completion,
      id: "gen-0",
      choices: [{ index: 0, message: { content: "" }, finish_reason: null }],
      usage,
    };
    const made = await upstream(
      (seen, response, count) => {
        if (count > 1 && !seen.body.stream) return json(response, 200, completion);
        if (!seen.body.stream) return json(response, 200, empty);
        const delta = count > 1 ? { content: "hi" } : {};
        const chunk = {
          id: count > 1 ? "gen-1" : "gen-0",
          choices: [{ index: 0, delta, finish_reason: count > 1 ? "stop" : null }],
          usage: count > 1 ? completion.usage : usage,
        };
        return response
          .writeHead(200, { "content-type": "text/event-stream" })
          .end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
      },
      { model, budget: roomy, budgetStore: store },
    );
    const work = road === "generate" ? made.llm.generate({ prompt }) : made.llm.stream({ prompt }).result;
    await turnUntil(() => {
      made.clock.advance(100);
      return store.log.length === 2;
    });
    expect((await work).cost?.usd).toBe(0.25);
    expect([store.log, made.llm.usage.total]).toMatchObject([["reserve", "settle 0.375"], { requests: 2, usd: 0.375 }]);
  },
);

test.each(["generate", "stream", "fetch", "fetch of a choice"])(
  "a failure that upstream told in the body of %s is not estimated, where no look-up finds it",
  async (road) => {
    const store = new BudgetLog();
    const error = { code: 502, message: "the provider failed" };
    const inChoice = { id: "gen-0", choices: [{ index: 0, finish_reason: "error", error, message: { content: "" } }] };
    const body = road === "fetch of a choice" ? inChoice : { id: "gen-0", error };
    const options: LLMClientOptions = { model, budget: roomy, budgetStore: store, retry: false };
    const made = await upstream((seen, response) => {
      if (seen.path.includes("/generation")) return json(response, 404, { error: {} });
      if (!seen.body.stream) return json(response, 200, body);
      return response
        .writeHead(200, { "content-type": "text/event-stream" })
        .end(`data: ${JSON.stringify({ ...body, choices: [] })}\n\n`);
    }, options);
    const { llm, baseURL } = made;
    if (road === "generate") await rejection(llm.generate({ prompt }));
    else if (road === "stream") await rejection(llm.stream({ prompt }).result);
    else
      await (
        await llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [{ role: "user", content: prompt }] }))
      ).text();
    await settled(made);
    expect([store.log, llm.usage.total.usd]).toEqual([["reserve", "release"], 0]);
  },
);

test("a key function that hangs holds nobody who has left", async () => {
  const asked = Promise.withResolvers<void>();
  const store = new BudgetLog();
  const { llm, requests } = await upstream(answered, {
    model,
    budget: roomy,
    budgetStore: store,
    apiKey: () => {
      asked.resolve();
      return new Promise<string>(() => {});
    },
  });
  const caller = new AbortController();
  const work = rejection(llm.generate({ prompt, signal: caller.signal }));
  await asked.promise;
  caller.abort();
  expect([(await work).code, store.log, requests.length]).toEqual(["aborted", [], 0]);
});

test("a budget store that throws instead of rejecting loses nobody the answer", async () => {
  const { llm } = await upstream(answered, {
    model,
    budget: roomy,
    budgetStore: {
      reserve: async () => ({ ok: true }),
      settle() {
        throw new RangeError("down");
      },
      async release() {},
    },
  });
  const codes: string[] = [];
  llm.on("warning", ({ code }) => codes.push(code));
  expect((await llm.generate({ prompt })).text).toBe("hi");
  expect(codes).toEqual(["budget_store"]);
});

test("what a store reserved for a caller who has left is given back, when the way of its answer breaks too", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<never>();
  const released = Promise.withResolvers<string>();
  const { llm } = await upstream(answered, {
    model,
    budget: roomy,
    budgetStore: {
      reserve() {
        asked.resolve();
        return answer.promise;
      },
      async settle() {},
      async release(id) {
        released.resolve(id);
      },
    },
  });
  const caller = new AbortController();
  const work = rejection(llm.generate({ prompt, signal: caller.signal }));
  await asked.promise;
  caller.abort();
  await work;
  answer.reject(new Error("connection lost"));
  expect(await released.promise).toMatch(/-/);
});

test("an answer of embed that cannot be read, and tells no usage, is billed at what a look-up finds", async () => {
  const store = new BudgetLog();
  const ledger = memoryLedger();
  const made = await upstream(
    ({ path }, response) =>
      path.includes("/generation")
        ? json(response, 200, { data: { total_cost: 0.3 } })
        : json(response, 200, { id: "gen-1", data: "no vectors" }),
    { budget: roomy, budgetStore: store, ledger },
  );
  expect((await rejection(made.llm.embed({ model, input: "x" }))).code).toBe("invalid_response");
  await settled(made);
  expect([store.log, made.llm.usage.total]).toMatchObject([["reserve", "settle 0.3"], { requests: 1, usd: 0.3 }]);
  const records = await Array.fromAsync(ledger.records());
  expect(records).toMatchObject([{ usd: 0.3 }]);
});
