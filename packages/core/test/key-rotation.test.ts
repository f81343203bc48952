import { expect, test } from "vitest";
import { definePipeline, memoryRunStore, runPipeline, startChatRun, step } from "../src/index.js";
import { memoryLedger } from "../src/ledger/index.js";
import { rejection } from "./rejection.js";
import { collect } from "./step-runs.js";
import { completion, events, json, type Seen, textChunk, upstream } from "./upstream.js";

const model = "openai/gpt-4o";
const sentKeys = (requests: readonly Seen[]) => requests.map(({ headers }) => headers.authorization);
const answered = (_seen: Seen, response: Parameters<typeof json>[0]) => json(response, 200, completion);

/** A vault whose key a test changes while its client is at work. */
function vault() {
  const kept = { key: "old" };
  return { kept, apiKey: async () => kept.key };
}

test("a key that was changed is the next attempt's", async () => {
  const { kept, apiKey } = vault();
  const { llm, clock, requests } = await upstream(
    (_seen, response, count) => {
      kept.key = "new";
      json(response, count === 1 ? 503 : 200, count === 1 ? { error: {} } : completion);
    },
    { apiKey, model },
  );
  const answer = llm.generate({ prompt: "x" });
  await clock.waiting(250);
  clock.advance(250);
  await answer;
  expect(sentKeys(requests)).toEqual(["Bearer old", "Bearer new"]);
});

test("it is the next step's of a run under way, and of one that is resumed", async () => {
  const { kept, apiKey } = vault();
  const { llm, requests } = await upstream(answered, { model });
  let failed = false;
  const pipeline = definePipeline("two", [
    step("one", async ({ llm: own }) => (await own.generate({ prompt: "1" })).text),
    step("two", async ({ llm: own }) => {
      kept.key = "new";
      await own.generate({ prompt: "2" });
      if (failed) return;
      failed = true;
      throw new Error("once");
    }),
  ]);
  const store = memoryRunStore();
  const tenant = llm.scope({ user: "ann", apiKey });
  await collect(runPipeline(pipeline, {}, { llm: tenant, store, runId: "r" }));
  kept.key = "newer";
  await collect(
    runPipeline(pipeline, undefined, { llm: llm.scope({ apiKey: () => kept.key }), store, resumeFrom: "r" }),
  );
  expect(sentKeys(requests)).toEqual(["Bearer old", "Bearer new", "Bearer new"]);
  expect(JSON.stringify([await store.load("r"), await store.read("r", 0)])).not.toMatch(/old|new/);
});

test("it asks what an answer has cost that was begun with the old one", async () => {
  const { kept, apiKey } = vault();
  const { llm, clock, requests } = await upstream(
    (seen, response) =>
      seen.path.includes("/generation")
        ? json(response, 200, { data: { total_cost: 0.3 } })
        : events(response, textChunk("word")),
    { apiKey, model },
  );
  for await (const _ of llm.stream({ prompt: "x" })) break;
  kept.key = "new";
  await clock.waiting(500);
  clock.advance(500);
  await llm.settled();
  expect(sentKeys(requests)).toEqual(["Bearer old", "Bearer new"]);
  expect(llm.usage.total.usd).toBe(0.3);
});

test("counters without a user begin anew with it, those of a user do not notice", async () => {
  const { kept, apiKey } = vault();
  const ledger = memoryLedger();
  const { llm } = await upstream(answered, { apiKey, model, ledger, budget: { usd: 0.255, per: "day" } });
  const request = { prompt: "x", maxTokens: 1_000 };
  await llm.generate(request);
  expect((await rejection(llm.generate(request))).code).toBe("budget_exceeded");
  await llm.scope({ user: "ann" }).generate(request);
  kept.key = "new";
  await llm.generate(request);
  expect((await rejection(llm.scope({ user: "ann" }).generate(request))).code).toBe("budget_exceeded");
  await llm.settled();
  const records = await Array.fromAsync(ledger.records());
  const keysOf = (whose: string | undefined) =>
    records.filter(({ outcome, user }) => outcome === "answered" && user === whose).map(({ key }) => key);
  expect(new Set(keysOf(undefined)).size).toBe(2);
  expect(keysOf(undefined)).toContain(keysOf("ann")[0]);
  expect(records.filter(({ outcome, key }) => outcome === "refused" && key !== "")).toHaveLength(2);
  expect(JSON.stringify(records)).not.toMatch(/"(old|new)"/);
});

test("a chat run is made with the key of the moment, and keeps none", async () => {
  const { kept, apiKey } = vault();
  const { llm, requests } = await upstream(
    (_seen, response) => {
      events(response, { id: "gen-1", choices: [{ index: 0, delta: { content: "hi" }, finish_reason: "stop" }] });
      return response.end("data: [DONE]\n\n");
    },
    { apiKey, model },
  );
  const store = memoryRunStore();
  await startChatRun(llm, { prompt: "x" }, { store, runId: "a" }).result;
  kept.key = "new";
  await startChatRun(llm, { prompt: "x" }, { store, runId: "b" }).result;
  expect(sentKeys(requests)).toEqual(["Bearer old", "Bearer new"]);
});
