import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Ledger,
  type LedgerIntent,
  type LedgerRecord,
  LLMClient,
  memoryResponseCache,
  type UsageEvent,
} from "../src/index.js";
import { BudgetLog, roomy } from "./budget-log.js";
import { answered, asked, model, withCache } from "./cached-upstream.js";
import { rejection } from "./rejection.js";
import { recordTelemetry } from "./telemetry-recorder.js";
import { completion, json } from "./upstream.js";

describe("a hit", () => {
  test("is the answer as it was, sends nothing, costs nothing and is marked", async () => {
    const { llm, requests } = await withCache();
    const first = await llm.generate(asked);
    const again = await llm.generate(asked);
    expect(requests).toHaveLength(1);
    const { text, message, finishReason, usage, generationId } = first;
    expect(again).toMatchObject({ text, message, finishReason, generationId, fromCache: true, attempts: [] });
    expect(again.usage).toMatchObject({ promptTokens: usage?.promptTokens, totalTokens: 5 });
    expect(again.cost).toEqual({ usd: 0, isByok: false, totalUsd: 0, source: "provider" });
    expect([first.fromCache, again.steps.map((step) => step.fromCache)]).toEqual([undefined, [true]]);
  });

  test("takes no place under a limit, reserves no budget, asks for no key", async () => {
    const store = new BudgetLog();
    const { llm, requests } = await withCache(answered, {
      limits: { requestsPerMinute: 1, onLimit: "reject" },
      budget: roomy,
      budgetStore: store,
    });
    await llm.generate(asked);
    const reserved = store.log.length;
    for (let call = 0; call < 3; call++) expect((await llm.generate(asked)).fromCache).toBe(true);
    expect([requests.length, store.log.length]).toEqual([1, reserved]);
    expect((await rejection(llm.generate({ ...asked, responseCache: false }))).code).toBe("rate_limit");
  });

  test("is told by on(usage), marked and at no cost; the meter counts what was taken from upstream", async () => {
    const { llm } = await withCache();
    const heard: UsageEvent[] = [];
    llm.on("usage", (event) => heard.push(event));
    await llm.generate(asked);
    await llm.scope({ user: "ann" }).generate({ ...asked, metadata: { feature: "deck" } });
    expect(heard).toMatchObject([
      { cost: { usd: 0.25 }, usage: { totalTokens: 5 } },
      { cost: { usd: 0 }, usage: { totalTokens: 5 }, user: "ann", metadata: { feature: "deck" }, fromCache: true },
    ]);
    expect(heard[0]?.fromCache).toBeUndefined();
    expect(llm.usage.total).toMatchObject({ requests: 1, totalTokens: 5, usd: 0.25 });
  });

  test("leaves one record, of a request that was answered without having been sent, for nothing", async () => {
    const [begun, finished]: [LedgerIntent[], LedgerRecord[]] = [[], []];
    const ledger: Ledger = {
      begin: async (intent) => void begun.push(intent),
      finish: async (record) => void finished.push(record),
    };
    const { llm } = await withCache(answered, { ledger });
    await llm.generate(asked);
    await llm.scope({ user: "ann" }).generate(asked);
    await llm.settled();
    expect(begun).toHaveLength(1);
    const [sent, hit] = finished;
    expect(sent).toMatchObject({ outcome: "answered", attempts: 1, usd: 0.25, promptTokens: 3 });
    expect(hit).toMatchObject({ outcome: "answered", attempts: 0, usd: 0, user: "ann", key: sent?.key, model });
    expect([hit?.promptTokens, hit?.id === sent?.id, finished.length]).toEqual([undefined, false, 2]);
  });

  test("has a span of its own and is told apart in what is measured", async () => {
    const { telemetry, spans, measured } = recordTelemetry();
    const { llm } = await withCache(answered, { telemetry: { ...telemetry, recordContent: true } });
    await llm.generate(asked);
    await llm.generate(asked);
    const [sent, hit] = spans().map(({ attributes }) => attributes);
    const told = { "signalbox.from_cache": true, "signalbox.attempts": 0, "signalbox.cost.usd": 0 };
    expect(hit).toMatchObject({ ...told, "gen_ai.output.messages": sent?.["gen_ai.output.messages"] });
    expect(sent).not.toHaveProperty("signalbox.from_cache");
    const { "gen_ai.client.operation.duration": durations, "gen_ai.client.token.usage": tokens } = await measured();
    expect(durations?.map(({ attributes }) => attributes["signalbox.from_cache"])).toEqual([undefined, true]);
    expect(tokens?.map(({ value }) => value)).toMatchObject([{ count: 1 }, { count: 1 }]);
  });

  test("still is refused by the policy, and has the warnings of the request", async () => {
    const { llm } = await withCache();
    const dropped = { ...asked, model: "anthropic/claude-3-haiku:beta" };
    const [first, again] = [await llm.generate(dropped), await llm.generate(dropped)];
    expect(first.warnings.length).toBeGreaterThan(0);
    expect([again.fromCache, again.warnings]).toEqual([true, first.warnings]);
    const strict = llm.scope({ policy: { denyModels: ["anthropic/*"] } });
    expect((await rejection(strict.generate(dropped))).code).toBe("invalid_request");
  });

  test("is a copy: what its caller does to it is done to nobody else", async () => {
    const { llm } = await withCache();
    await llm.generate(asked);
    const mine = await llm.generate(asked);
    mine.message.content = "mine";
    expect((await llm.generate(asked)).message.content).toBe("hi");
  });

  test("of an answer without usage is not looked up", async () => {
    const { usage: _, ...untold } = completion;
    const { llm, requests } = await withCache((seen, response) =>
      seen.method === "GET" ? json(response, 404, { error: { code: 404 } }) : json(response, 200, untold),
    );
    await llm.generate(asked);
    const again = await llm.generate(asked);
    expect([again.fromCache, again.cost?.usd, again.usage]).toEqual([true, 0, undefined]);
    expect(requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });
});

describe("whose answers are shared", () => {
  test("those of users of one key are; those of another key, and of another base URL, are not", async () => {
    const responseCache = memoryResponseCache();
    const { llm, requests } = await withCache(answered, { responseCache });
    await llm.scope({ user: "ann" }).generate(asked);
    expect((await llm.scope({ user: "bob" }).generate({ ...asked, sessionId: "s" })).fromCache).toBe(true);
    expect((await llm.scope({ apiKey: "sk-or-v1-tenant" }).generate(asked)).fromCache).toBeUndefined();
    const elsewhere = await withCache(answered, { responseCache });
    expect((await elsewhere.llm.generate(asked)).fromCache).toBeUndefined();
    expect([requests.length, elsewhere.requests.length]).toEqual([2, 1]);
  });

  test("a key function says whose they are, once for a call and its first attempt", async () => {
    const keys = ["sk-or-v1-a", "sk-or-v1-b", "sk-or-v1-a"];
    let times = 0;
    const { llm, requests } = await withCache(answered, { apiKey: async () => keys[times++] ?? "none" });
    await llm.generate(asked);
    await llm.generate(asked);
    expect((await llm.generate(asked)).fromCache).toBe(true);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer sk-or-v1-a", "Bearer sk-or-v1-b"]);
    expect(times).toBe(3);
  });

  test("a key function that fails is asked again by the call itself, which explains it", async () => {
    let times = 0;
    const { llm, requests } = await withCache(answered, {
      apiKey: () => {
        if (times++ === 0) throw new Error("vault");
        return "sk-or-v1-late";
      },
    });
    expect((await llm.generate(asked)).text).toBe("hi");
    expect(requests[0]?.headers.authorization).toBe("Bearer sk-or-v1-late");
  });
});

test("the simulator is asked once for each question, streamed or not", async () => {
  const openrouter = await startSimulator({ seed: 3 });
  const responseCache = memoryResponseCache();
  const llm = new LLMClient({ apiKey: "sk-or-v1-sim", baseURL: openrouter.baseURL, env: false, responseCache });
  onTestFinished(async () => {
    await llm.close();
    await openrouter.close();
  });
  for (const prompt of ["trains", "points", "trains", "signals", "points"]) {
    const whole = await llm.generate({ prompt, temperature: 0 });
    let text = "";
    for await (const piece of llm.stream({ prompt, temperature: 0 })) text += piece;
    expect(text).toBe(whole.text);
  }
  const chats = openrouter.requests.filter(({ path }) => path.endsWith("/chat/completions"));
  expect(chats).toHaveLength(3);
});
