import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  hasToolCall,
  type LLMClient,
  type Message,
  maxCost,
  type StreamEvent,
  stepCountIs,
  tool,
  toolMessage,
} from "../src/index.js";
import type { ScriptedReplySource } from "../src/testing/index.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";

const call = (name: string, args: unknown, id?: string): ScriptedReplySource => ({
  toolCalls: [{ name, arguments: args, id }],
});
const add = tool({
  name: "add",
  description: "Adds two numbers",
  parameters: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => ({ sum: a + b }),
});

describe("S18 tools", () => {
  test("a call is executed with its arguments and the answer goes back", async () => {
    const { llm, provider } = scriptedClient([call("add", { a: 2, b: 3 }, "c1"), "It is 5."]);
    const result = await llm.generate({ prompt: "2 + 3?", tools: [add] });
    expect([result.text, result.finishReason, result.steps.length, result.toolCalls]).toEqual([
      "It is 5.",
      "stop",
      2,
      [],
    ]);
    expect(provider.requests[1]?.messages.slice(1)).toEqual([
      { role: "assistant", content: null, tool_calls: [expect.objectContaining({ id: "c1" })] },
      { role: "tool", tool_call_id: "c1", content: '{"sum":5}' },
    ]);
    expect(provider.requests[0]?.tools).toEqual([
      {
        type: "function",
        function: {
          name: "add",
          description: "Adds two numbers",
          parameters: expect.objectContaining({ type: "object" }),
        },
      },
    ]);
  });

  test("independent calls run at the same time", async () => {
    const running: string[] = [];
    let bothRun: () => void = () => {};
    const both = new Promise<void>((resolve) => {
      bothRun = resolve;
    });
    const wait = tool({
      name: "wait",
      parameters: z.object({ n: z.string() }),
      execute: async ({ n }) => {
        running.push(n);
        if (running.length === 2) bothRun();
        await both;
        return n;
      },
    });
    const { llm } = scriptedClient([
      {
        toolCalls: [
          { name: "wait", arguments: { n: "x" } },
          { name: "wait", arguments: { n: "y" } },
        ],
      },
      "done",
    ]);
    const result = await llm.generate({ prompt: "go", tools: [wait] });
    expect([running, result.steps[0]?.toolResults.map((answer) => answer.result)]).toEqual([
      ["x", "y"],
      ["x", "y"],
    ]);
  });

  test("progress of a generator becomes events, in the order of what happened", async () => {
    const slow = tool({
      name: "slow",
      parameters: z.object({}),
      async *execute() {
        yield { percent: 50 };
        return "ready";
      },
    });
    const { llm } = scriptedClient([call("slow", {}, "c1"), "fine"]);
    const events: StreamEvent[] = [];
    for await (const event of llm.stream({ prompt: "go", tools: [slow] }).events) events.push(event);
    expect(
      events
        .map((event) => event.type)
        .filter((type) => type.startsWith("tool") || type.startsWith("step") || type === "finish"),
    ).toEqual([
      "step-start",
      "tool-call-delta",
      "tool-call-delta",
      "tool-call",
      "tool-progress",
      "tool-result",
      "step-finish",
      "step-start",
      "step-finish",
      "finish",
    ]);
  });

  test.each([
    ["arguments that are cut", '{"a": 1, "b'],
    ["arguments that do not validate", { a: "one", b: 2 }],
    ["arguments that are no object", "[1,2]"],
  ])("%s are never executed; the model is told", async (_what, args) => {
    let executed = 0;
    const spy = tool({
      name: "add",
      parameters: z.object({ a: z.number(), b: z.number() }),
      execute: () => {
        executed += 1;
      },
    });
    const { llm, provider } = scriptedClient([call("add", args, "c1"), "sorry"]);
    const result = await llm.generate({ prompt: "go", tools: [spy] });
    const told = provider.requests[1]?.messages.at(-1) as { content: string };
    expect([executed, told.content.includes("error"), result.text]).toEqual([0, true, "sorry"]);
  });

  test("R6 a cut answer with cut arguments ends the turn as length", async () => {
    let executed = 0;
    const spy = tool({
      name: "add",
      parameters: z.object({}),
      execute: () => {
        executed += 1;
      },
    });
    const { llm, provider } = scriptedClient([
      { toolCalls: [{ name: "add", arguments: '{"a' }], finishReason: "length" },
    ]);
    const result = await llm.generate({ prompt: "go", tools: [spy] });
    expect([executed, result.finishReason, result.toolCalls[0]?.invalid, provider.requests.length]).toEqual([
      0,
      "length",
      true,
      1,
    ]);
  });

  test("a call without execute ends the loop after the others ran; toolMessage goes on", async () => {
    const ask = tool({ name: "ask", parameters: z.object({ q: z.string() }) });
    const { llm, provider } = scriptedClient([
      {
        toolCalls: [
          { name: "add", arguments: { a: 1, b: 1 }, id: "c1" },
          { name: "ask", arguments: { q: "sure?" }, id: "c2" },
        ],
      },
      "Then 2.",
    ]);
    const history: Message[] = [{ role: "user", content: "go" }];
    const first = await llm.generate({ messages: history, tools: [add, ask] });
    expect([
      first.finishReason,
      first.toolCalls.map(({ id }) => id),
      first.steps[0]?.toolResults.map(({ id }) => id),
    ]).toEqual(["tool_calls", ["c2"], ["c1"]]);
    const second = await llm.generate({
      messages: [...history, ...first.newMessages, toolMessage("c2", "yes")],
      tools: [add, ask],
    });
    expect([second.text, provider.requests[1]?.messages.length]).toEqual(["Then 2.", 4]);
  });

  test("the loop is bounded: throw, return or answer", async () => {
    const again = call("add", { a: 1, b: 1 });
    const thrown = scriptedClient([again]);
    const error = await rejection(thrown.llm.generate({ prompt: "go", tools: [add], maxSteps: 3 }));
    expect([error.code, thrown.provider.requests.length, error.partial?.steps?.length]).toEqual(["max_steps", 3, 3]);
    const returned = await scriptedClient([again]).llm.generate({
      prompt: "go",
      tools: [add],
      maxSteps: 2,
      onMaxSteps: "return",
    });
    expect([returned.finishReason, returned.toolCalls.length]).toEqual(["tool_calls", 1]);
    const last = scriptedClient([again, again, "So it is 2."]);
    const answered = await last.llm.generate({ prompt: "go", tools: [add], maxSteps: 2, onMaxSteps: "answer" });
    expect([answered.text, last.provider.requests[2]?.tool_choice]).toEqual(["So it is 2.", "none"]);
  });

  test("stop conditions are judged after each step", async () => {
    const again = call("add", { a: 1, b: 1 });
    const priced: ScriptedReplySource = {
      toolCalls: [{ name: "add", arguments: { a: 1, b: 1 } }],
      usage: { prompt_tokens: 1, completion_tokens: 1, cost: 0.4 },
    };
    const steps = async (reply: ScriptedReplySource, stopWhen: Parameters<LLMClient["generate"]>[0]["stopWhen"]) =>
      (await scriptedClient([reply]).llm.generate({ prompt: "go", tools: [add], stopWhen })).steps.length;
    expect(
      await Promise.all([steps(again, stepCountIs(2)), steps(again, hasToolCall("add")), steps(priced, [maxCost(1)])]),
    ).toEqual([2, 1, 3]);
  });

  test("F89 a tool is found by its own name only", async () => {
    const { llm } = scriptedClient([call("constructor", {}), "no such tool"]);
    const result = await llm.generate({ prompt: "go", tools: [add] });
    expect([result.text, result.steps[0]?.toolResults[0]?.isError]).toEqual(["no such tool", true]);
  });

  test("usage, cost and messages cover all steps; the words are the last step's", async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0.1 };
    const { llm } = scriptedClient([
      { text: "Let me see. ", toolCalls: [{ name: "add", arguments: { a: 1, b: 2 } }], usage },
      { text: "It is 3.", usage: { ...usage, cost: 0.2 } },
    ]);
    const result = await llm.generate({ prompt: "go", tools: [add] });
    expect([
      result.text,
      result.usage?.totalTokens,
      result.cost?.usd,
      result.newMessages.map(({ role }) => role),
    ]).toEqual(["Let me see. It is 3.", 30, 0.3, ["assistant", "tool", "assistant"]]);
    expect(llm.usage.total.usd).toBe(0.3);
  });
});
