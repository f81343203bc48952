import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createError } from "../src/errors/error-classes.js";
import { RateLimitError, tool } from "../src/index.js";
import { BudgetLog, roomy } from "./budget-log.js";
import { rejection } from "./rejection.js";
import { never, scriptedClient, turnOfTheLoop } from "./scripted-client.js";
import { events, textChunk, upstream } from "./upstream.js";

const idOf = ({ id }: { id: string }) => id;
const oneAtATime = { limits: { maxConcurrency: 1, onLimit: "reject" } } as const;
const prompt = "hi";

describe("rule 5: a stream with neither reader nor result", () => {
  test("is closed by the idle clock and gives back its slot", async () => {
    const { llm, clock } = scriptedClient(["one two three"], oneAtATime);
    const stream = llm.stream({ prompt });
    await turnOfTheLoop();
    clock.advance(59_999);
    expect((await rejection(llm.generate({ prompt }))).code).toBe("rate_limit");
    clock.advance(1);
    expect(await rejection(stream.result)).toMatchObject({ code: "timeout", phase: "idle", partial: { text: "one" } });
    expect((await llm.generate({ prompt })).text).toBe("one two three");
  });

  test("gives back its reservation", async () => {
    const store = new BudgetLog();
    const { llm, clock } = scriptedClient(["one two three"], { budget: roomy, budgetStore: store });
    llm.stream({ prompt });
    await turnOfTheLoop();
    expect(store.log).toEqual(["reserve"]);
    clock.advance(60_000);
    await store.booked;
    expect(store.log).toEqual(["reserve", "release"]);
  });

  test("keeps from its reservation what the words that came have cost, so that the budget has room again", async () => {
    const { llm, clock } = scriptedClient(["one two three"], {
      name: "openrouter",
      model: "openai/gpt-4o",
      maxTokens: 1_000,
      budget: { usd: 0.015, per: "day" },
    });
    const stream = llm.stream({ prompt });
    await turnOfTheLoop();
    expect((await rejection(llm.generate({ prompt }))).code).toBe("budget_exceeded");
    clock.advance(60_000);
    expect((await rejection(stream.result)).code).toBe("timeout");
    expect((await llm.generate({ prompt })).text).toBe("one two three");
  });

  test("closes its connection", async () => {
    const closed = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    const { llm, clock } = await upstream((_seen, response) => {
      response.on("close", () => closed.resolve());
      events(response, textChunk("one"));
      opened.resolve();
    });
    const stream = llm.stream({ prompt });
    await opened.promise;
    clock.advance(60_000);
    await closed.promise;
    expect((await rejection(stream.result)).code).toBe("timeout");
  });

  test("split by tee() and read by nobody, gives back its slot too", async () => {
    const { llm, clock } = scriptedClient(["one two three"], oneAtATime);
    const [left] = llm.stream({ prompt }).tee();
    await turnOfTheLoop();
    clock.advance(60_000);
    expect(await rejection(left?.result as Promise<unknown>)).toMatchObject({ code: "timeout", phase: "idle" });
    expect((await llm.generate({ prompt })).text).toBe("one two three");
  });

  test.each(["reader", "result"] as const)("is not closed where it has a %s", async (kind) => {
    const { llm, clock } = scriptedClient(["one two three"]);
    const stream = llm.stream({ prompt });
    const reader = kind === "reader" ? stream[Symbol.asyncIterator]() : undefined;
    const { result } = stream;
    clock.advance(60_000);
    expect(reader === undefined ? "" : (await reader.next()).value).toBe(reader === undefined ? "" : "one");
    while (reader && !(await reader.next()).done);
    expect((await result).text).toBe("one two three");
  });
});

describe("rule 4: what is left while a read is under way or waits to be taken", () => {
  test("dispose ends after the first words have come and nobody took them", async () => {
    const { llm } = scriptedClient(["one two three"]);
    const stream = llm.stream({ prompt });
    await turnOfTheLoop();
    await stream[Symbol.asyncDispose]();
    expect((await rejection(stream.result)).code).toBe("aborted");
  });

  test("dispose ends in the turn of stream(), with a model whose id is warned about", async () => {
    const { llm } = scriptedClient(["one"], { name: "openrouter", model: "anthropic/claude-3-haiku:beta" });
    const stream = llm.stream({ prompt });
    await stream[Symbol.asyncDispose]();
    expect((await rejection(stream.result)).code).toBe("aborted");
  });

  test("a loop left at a tool call rejects result", async () => {
    const ask = tool({ name: "ask", parameters: z.object({}) });
    const { llm } = scriptedClient([{ toolCalls: [{ name: "ask", arguments: {}, id: "c1" }] }]);
    const stream = llm.stream({ prompt, tools: [ask] });
    const { result } = stream;
    for await (const event of stream.events) if (event.type === "tool-call") break;
    const error = await rejection(result);
    expect([error.code, error.partial?.toolCalls?.map(idOf)]).toEqual(["aborted", ["c1"]]);
  });

  test("a signal frees the slot of a reader that never pulls again", async () => {
    const { llm } = scriptedClient(["one two three"], oneAtATime);
    const controller = new AbortController();
    const stream = llm.stream({ prompt, signal: controller.signal });
    await stream[Symbol.asyncIterator]().next();
    controller.abort();
    expect((await rejection(stream.result)).code).toBe("aborted");
    expect((await llm.generate({ prompt })).text).toBe("one two three");
  });

  test("close({ graceMs }) waits for no stream that was aborted", async () => {
    const { llm, clock } = scriptedClient(["one two three"]);
    const stream = llm.stream({ prompt });
    await turnOfTheLoop();
    stream.abort();
    await rejection(stream.result);
    await llm.close({ graceMs: 500 });
    expect(clock.now()).toBe(0);
  });

  test("F31 an abort whose reason is an LLMError of another call is an abort", async () => {
    const { llm } = scriptedClient(["one two"]);
    const stream = llm.stream({ prompt });
    const reason = new RateLimitError("rate_limit", "another call");
    stream.abort(reason);
    expect(await rejection(stream.result)).toMatchObject({ code: "aborted", name: "AbortError", cause: reason });
  });
});

describe("the caller's signal holds no listener of ours", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = () => getEventListeners(signal, "abort").length;
  const add = tool({ name: "add", parameters: z.object({}), execute: () => 1 });

  test("after a retry and a round of tools", async () => {
    const busy = createError("provider_overloaded", "busy");
    const { llm, clock } = scriptedClient([busy, { toolCalls: [{ name: "add", arguments: {} }] }, "one"], {
      retry: {},
    });
    const work = llm.generate({ prompt, tools: [add], signal });
    await clock.waiting(250);
    expect(listeners()).toBeGreaterThan(0);
    clock.advance(250);
    await work;
    expect(listeners()).toBe(0);
  });

  test("after a failure, a loop that was left, a stream that ended under a first-token clock", async () => {
    const { llm } = scriptedClient([new Error("x"), "one two three"]);
    await rejection(llm.generate({ prompt, signal }));
    const left = llm.stream({ prompt, signal });
    for await (const _ of left) break;
    await rejection(left.result);
    await llm.stream({ prompt, signal, timeouts: { firstTokenMs: 1_000 } }).result;
    expect(listeners()).toBe(0);
  });

  test("after a call that a closed client refused", async () => {
    const { llm } = scriptedClient([never]);
    await llm.close();
    expect((await rejection(llm.generate({ prompt, signal }))).code).toBe("aborted");
    expect(listeners()).toBe(0);
  });
});
