import { describe, expect, test } from "vitest";
import { LLMClient, type LLMProvider, memoryResponseCache, type ResponseCache, tool } from "../src/index.js";
import { answered, asked, model, withCache } from "./cached-upstream.js";
import { rejection } from "./rejection.js";
import { completion, events, json, textChunk, upstream } from "./upstream.js";

/** A cache that shows what it is asked. */
function noted() {
  const cache = memoryResponseCache();
  const log: string[] = [];
  const kept: { key: string; answer: unknown; ttlMs: number }[] = [];
  const responseCache: ResponseCache = {
    async get(key) {
      log.push("get");
      return cache.get(key);
    },
    async set(key, answer, ttlMs) {
      log.push("set");
      kept.push({ key, answer, ttlMs });
      await cache.set(key, answer, ttlMs);
    },
  };
  return { responseCache, log, kept };
}

describe("what is kept", () => {
  test("nothing without a cache, a word or temperature 0; the client's temperature counts", async () => {
    const { responseCache, log } = noted();
    const { llm, requests } = await withCache(answered, { responseCache });
    await llm.generate({ prompt: "x" });
    await llm.generate({ ...asked, responseCache: false });
    expect([log, requests.length]).toEqual([[], 2]);
    await llm.scope({ temperature: 0 }).generate({ prompt: "x" });
    expect((await llm.generate(asked)).fromCache).toBe(true);
    const without = await upstream(answered, { model });
    await without.llm.generate({ ...asked, responseCache: true });
    expect((await without.llm.generate({ ...asked, responseCache: true })).fromCache).toBeUndefined();
  });

  test("in wire shape, without prompt or key, for as long as the request says", async () => {
    const { responseCache, kept } = noted();
    const { llm } = await withCache(answered, { responseCache });
    await llm.generate({ prompt: "my secret prompt", responseCache: { ttlMs: 5_000 } });
    await llm.generate({ prompt: "y", responseCache: true });
    await llm.settled();
    expect(kept.map(({ ttlMs }) => ttlMs)).toEqual([5_000, 3_600_000]);
    expect(kept[0]?.answer).toMatchObject(completion);
    expect(JSON.stringify(kept)).not.toMatch(/secret prompt|canary/);
  });

  test.each<[string, object]>([
    ["cut", { finish_reason: "length" }],
    ["filtered", { finish_reason: "content_filter" }],
    ["empty", { message: { role: "assistant", content: "" } }],
    ["a call of a tool", { message: { tool_calls: [{ id: "c", type: "function", function: { name: "f" } }] } }],
    ["a refusal", { message: { role: "assistant", content: "", refusal: "no" } }],
  ])("no answer that is %s", async (_what, choice) => {
    const { responseCache, log } = noted();
    const [first] = completion.choices;
    const { llm } = await withCache(
      (_seen, response) => json(response, 200, { ...completion, choices: [{ ...first, ...choice }] }),
      { responseCache },
    );
    await llm.generate(asked);
    await llm.settled();
    expect(log).toEqual(["get"]);
  });

  test("no failure, and nothing of a stream that was left or cut", async () => {
    const { responseCache, log } = noted();
    const { llm, requests } = await withCache(
      (_seen, response, count) => {
        if (count === 1) return json(response, 400, { error: { message: "no", code: 400 } });
        events(response, textChunk("h"), textChunk("i"));
        return count === 2 ? response.destroy() : undefined;
      },
      { responseCache, retry: false },
    );
    await rejection(llm.generate(asked));
    await rejection(llm.stream(asked).result);
    for await (const _ of llm.stream(asked)) break;
    expect([log, requests.length]).toEqual([["get", "get", "get"], 3]);
  });

  test("no answer of a call whose tools are run here, though everybody asks for it", async () => {
    const { responseCache, log } = noted();
    const { llm } = await withCache(answered, { responseCache });
    const clock = tool({ name: "f", description: "d", parameters: { type: "object" }, execute: () => "12:00" });
    await llm.generate({ ...asked, tools: [clock], responseCache: true });
    expect(log).toEqual([]);
  });

  test("no answer that follows a call of a tool that there is not: it answers another question", async () => {
    const { responseCache, log } = noted();
    const call = { id: "c", type: "function", function: { name: "other", arguments: "{}" } };
    const asksTool = {
      ...completion,
      choices: [{ index: 0, message: { tool_calls: [call] }, finish_reason: "tool_calls" }],
    };
    const { llm } = await withCache(
      (_seen, response, count) => json(response, 200, count === 1 ? asksTool : completion),
      { responseCache },
    );
    const shown = tool({ name: "f", parameters: { type: "object" } });
    const { steps, text } = await llm.generate({ ...asked, tools: [shown] });
    await llm.settled();
    expect([steps.length, text, log]).toEqual([2, "hi", ["get"]]);
  });

  test("nothing of which there is no copy; its caller has it", async () => {
    const { responseCache, log } = noted();
    const [choice] = completion.choices;
    const message = { role: "assistant" as const, content: "hi", reasoning_details: [{ type: "x", live: () => 1 }] };
    const provider: LLMProvider = {
      name: "own",
      defaultModel: "own/model",
      chat: async () => ({ status: 200, body: { ...completion, choices: [{ ...choice, message }] } }),
      chatStream: () => Promise.reject(new Error("nobody streams here")),
    };
    const llm = new LLMClient({ provider, env: false, responseCache });
    expect((await llm.generate(asked)).text).toBe("hi");
    await llm.settled();
    expect(log).toEqual(["get"]);
  });

  test("a fresh answer, where OpenRouter's own is thrown away", async () => {
    const { responseCache, log } = noted();
    const { llm, requests } = await withCache(answered, { responseCache });
    await llm.generate(asked);
    await llm.generate({ ...asked, openRouterCache: { clear: true } });
    await llm.settled();
    expect([log, requests.length]).toEqual([["get", "set", "set"], 2]);
  });
});

describe("a cache that fails", () => {
  test("costs nothing but the hit, and is told as one warning", async () => {
    const down = () => Promise.reject(new RangeError("redis://user:hunter2@db is down"));
    const { llm, requests } = await withCache(answered, { responseCache: { get: down, set: down } });
    const warnings: unknown[] = [];
    llm.on("warning", (warning) => warnings.push(warning));
    for (let call = 0; call < 3; call++) expect((await llm.generate(asked)).text).toBe("hi");
    await llm.settled();
    expect(requests).toHaveLength(3);
    const message = "the response cache failed (RangeError); calls go on without it";
    expect(warnings).toEqual([{ code: "response_cache", message }]);
  });

  test("that hangs holds nobody who has left, nor beyond totalMs", async () => {
    const hangs = () => new Promise<never>(() => {});
    const { llm, clock, requests } = await withCache(answered, { responseCache: { get: hangs, set: hangs } });
    const caller = new AbortController();
    const left = rejection(llm.generate({ ...asked, signal: caller.signal }));
    await clock.waiting(1_000);
    caller.abort();
    expect((await left).code).toBe("aborted");
    const late = rejection(llm.generate({ ...asked, timeouts: { totalMs: 500 } }));
    await clock.until((waits) => waits.includes(500) && waits.filter((ms) => ms === 1_000).length === 2);
    clock.advance(500);
    expect(await late).toMatchObject({ code: "timeout", phase: "total" });
    expect(requests).toHaveLength(0);
  });
});
