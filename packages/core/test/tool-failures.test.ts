import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { RateLimitError, type StreamEvent, tool } from "../src/index.js";
import type { ScriptedReplySource } from "../src/testing/index.js";
import { rejection } from "./rejection.js";
import { scriptedClient, turnOfTheLoop } from "./scripted-client.js";

const idOf = ({ id }: { id: string }) => id;
const call = (name: string, args: unknown): ScriptedReplySource => ({
  toolCalls: [{ name, arguments: args, id: "c1" }],
});

/** A tool that runs until its signal fires, and then longer. */
function hanging(timeoutMs?: number) {
  const started = Promise.withResolvers<AbortSignal>();
  const hang = tool({
    name: "hang",
    parameters: z.object({}),
    timeoutMs,
    execute: (_args, { signal }) => {
      started.resolve(signal);
      return new Promise<never>(() => {});
    },
  });
  return { hang, started: started.promise };
}

test("a tool that throws is reported, or ends the call where asked", async () => {
  const broken = tool({
    name: "broken",
    parameters: z.object({}),
    execute: () => {
      throw new Error("no disk");
    },
  });
  const { llm, provider } = scriptedClient([call("broken", {}), "I could not."]);
  expect((await llm.generate({ prompt: "go", tools: [broken] })).text).toBe("I could not.");
  expect(provider.requests[1]?.messages.at(-1)).toMatchObject({ role: "tool", content: '{"error":"no disk"}' });
  const strict = scriptedClient([call("broken", {}), "never"]);
  const error = await rejection(strict.llm.generate({ prompt: "go", tools: [broken], onToolError: "throw" }));
  expect([error.code, error.detail, (error.cause as Error).message]).toEqual(["tool", "no disk", "no disk"]);
});

test("onToolError: throw keeps the calls and the time in partial", async () => {
  const { llm, clock } = scriptedClient([call("slow", {})]);
  const slow = tool({
    name: "slow",
    parameters: z.object({}),
    execute: () => {
      clock.advance(300);
      throw new Error("no disk");
    },
  });
  const { partial } = await rejection(llm.generate({ prompt: "go", tools: [slow], onToolError: "throw" }));
  expect([partial?.toolCalls?.map(idOf), partial?.timing?.totalMs]).toEqual([["c1"], 300]);
});

test.each([
  ["a BigInt", () => ({ id: 12n }), "BigInt"],
  [
    "a circle",
    () => {
      const circle: { self?: object } = {};
      circle.self = circle;
      return circle;
    },
    "circular",
  ],
])("a result that is not JSON, such as %s, is reported to the model", async (_what, execute, word) => {
  const odd = tool({ name: "odd", parameters: z.object({}), execute: (): unknown => execute() });
  const { llm, provider } = scriptedClient([call("odd", {}), "fine"]);
  const events: StreamEvent[] = [];
  for await (const event of llm.stream({ prompt: "go", tools: [odd] }).events) events.push(event);
  const told = provider.requests[1]?.messages.at(-1) as { content: string };
  expect([Object.keys(JSON.parse(told.content)), told.content.includes(word)]).toEqual([["error"], true]);
  expect(events.find((event) => event.type === "tool-result")).toMatchObject({ id: "c1", isError: true });
  expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "fine" } });
});

test("timeoutMs: a tool that takes longer is reported to the model, and its signal fires", async () => {
  const { hang, started } = hanging(2_000);
  const { llm, clock, provider } = scriptedClient([call("hang", {}), "I gave up."]);
  const work = llm.generate({ prompt: "go", tools: [hang] });
  const signal = await started;
  clock.advance(1_999);
  expect(signal.aborted).toBe(false);
  clock.advance(1);
  const result = await work;
  const told = provider.requests[1]?.messages.at(-1) as { content: string };
  expect([result.text, signal.aborted, JSON.parse(told.content)]).toEqual([
    "I gave up.",
    true,
    { error: 'tool "hang" took longer than 2000 ms' },
  ]);
  expect(clock.pending).toEqual([]);
});

test("timeoutMs: with onToolError: throw it ends the call with `tool`", async () => {
  const { hang, started } = hanging(2_000);
  const { llm, clock } = scriptedClient([call("hang", {}), "never"]);
  const work = rejection(llm.generate({ prompt: "go", tools: [hang], onToolError: "throw" }));
  await started;
  clock.advance(2_000);
  expect(await work).toMatchObject({ code: "tool", detail: 'tool "hang" took longer than 2000 ms' });
});

test("timeoutMs: a tool that is quick leaves no timer behind", async () => {
  const quick = tool({ name: "quick", parameters: z.object({}), timeoutMs: 2_000, execute: () => 1 });
  const { llm, clock } = scriptedClient([call("quick", {}), "done"]);
  expect([(await llm.generate({ prompt: "go", tools: [quick] })).text, clock.pending]).toEqual(["done", []]);
});

test.each([
  ["any value", "enough"],
  ["an LLMError of another call", new RateLimitError("rate_limit", "another call")],
])("F31 an abort does not wait for a tool that does not listen, with %s as its reason", async (_what, reason) => {
  const { hang, started } = hanging();
  const { llm } = scriptedClient([call("hang", {}), "never"]);
  const controller = new AbortController();
  const work = rejection(llm.generate({ prompt: "go", tools: [hang], signal: controller.signal }));
  const signal = await started;
  controller.abort(reason);
  expect(await work).toMatchObject({ code: "aborted", name: "AbortError", cause: reason });
  expect(signal.aborted).toBe(true);
});

test("F31 neither an abort nor the total clock waits for a stop condition", async () => {
  for (const end of ["aborted", "timeout"]) {
    const { llm, clock } = scriptedClient([{ toolCalls: [{ name: "now", arguments: {} }] }, "never"]);
    const asked = Promise.withResolvers<void>();
    const controller = new AbortController();
    const work = rejection(
      llm.generate({
        prompt: "go",
        tools: [tool({ name: "now", parameters: z.object({}), execute: () => "noon" })],
        signal: controller.signal,
        timeouts: { totalMs: 1_000 },
        stopWhen: () => {
          asked.resolve();
          return new Promise<never>(() => {});
        },
      }),
    );
    await asked.promise;
    if (end === "aborted") controller.abort();
    else clock.advance(1_000);
    expect(await work).toMatchObject({ code: end, partial: { steps: [{ toolResults: [{ result: "noon" }] }] } });
  }
});

test("F31 an abort while a last step's call waits for its approval is told once, and to the caller only", async () => {
  const asked = Promise.withResolvers<void>();
  const guarded = tool({
    name: "guarded",
    parameters: z.object({}),
    needsApproval: () => {
      asked.resolve();
      return new Promise<never>(() => {});
    },
    execute: () => "ran",
  });
  const { llm } = scriptedClient([call("guarded", {}), "never"]);
  const unheard: unknown[] = [];
  const onUnheard = (reason: unknown) => unheard.push(reason);
  process.on("unhandledRejection", onUnheard);
  onTestFinished(() => void process.off("unhandledRejection", onUnheard));
  const controller = new AbortController();
  const work = rejection(llm.generate({ prompt: "go", tools: [guarded], maxSteps: 1, signal: controller.signal }));
  await asked.promise;
  controller.abort();
  expect((await work).code).toBe("aborted");
  await turnOfTheLoop();
  expect(unheard).toEqual([]);
});
