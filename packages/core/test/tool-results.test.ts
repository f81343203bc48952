import { describe, expect, test } from "vitest";
import { z } from "zod";
import { imagePart, maxCost, type StreamEvent, stepCountIs, tool, toolContent } from "../src/index.js";
import type { ScriptedReplySource } from "../src/testing/index.js";
import { batchesOf } from "./batches-of.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";
import { json, upstream } from "./upstream.js";

const call = (name: string, args: unknown = {}): ScriptedReplySource => ({
  toolCalls: [{ name, arguments: args, id: "c1" }],
});
const giving = (execute: () => unknown) => tool({ name: "give", parameters: z.object({}), execute });

describe("S18 results", () => {
  test("S18 a result of many megabytes reaches the model whole, over a real connection", async () => {
    const huge = "0123456789abcdef".repeat(400_000);
    const { llm, requests } = await upstream((_seen, response, count) => {
      const toolCall = { id: "c1", type: "function", function: { name: "give", arguments: "{}" } };
      const message = count === 1 ? { content: null, tool_calls: [toolCall] } : { content: "read" };
      json(response, 200, { id: "gen-1", choices: [{ index: 0, message, finish_reason: "stop" }] });
    });
    const result = await llm.generate({ prompt: "go", model: "acme/m", tools: [giving(() => ({ huge }))] });
    const sent = JSON.parse(requests[1]?.text ?? "") as { messages: { content: string }[] };
    const told = sent.messages[2]?.content ?? "";
    expect([result.text, told.length, JSON.parse(told).huge === huge]).toEqual(["read", huge.length + 11, true]);
  });

  test("S18 a call of a tool that takes free text is handed over with its name and text", async () => {
    const toolCall = { id: "c1", type: "custom", custom: { name: "code", input: "print(1)" } };
    const { llm, requests } = await upstream((_seen, response) =>
      json(response, 200, {
        choices: [{ index: 0, message: { content: null, tool_calls: [toolCall] }, finish_reason: "tool_calls" }],
      }),
    );
    const code = { type: "custom", custom: { name: "code" } } as const;
    const result = await llm.generate({ prompt: "go", model: "acme/m", tools: [code, giving(() => 1)] });
    expect(result.toolCalls).toEqual([{ id: "c1", name: "code", rawArguments: "print(1)", invalid: true }]);
    expect([result.finishReason, result.message.tool_calls, requests.length]).toEqual(["tool_calls", [toolCall], 1]);
    expect(JSON.parse(requests[0]?.text ?? "")).toMatchObject({ tools: [code, { type: "function" }] });
  });

  test.each<[string, unknown, string]>([
    ["undefined", undefined, "null"],
    ["text", "as it is", "as it is"],
    ["a date", new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ["a function", () => 1, "null"],
    ["not a number", Number.NaN, "null"],
    ["an array of what look like parts", [{ type: "text", text: "a" }], '[{"type":"text","text":"a"}]'],
  ])("S18 %s", async (_what, value, told) => {
    const { llm, provider } = scriptedClient([call("give"), "ok"]);
    await llm.generate({ prompt: "go", tools: [giving(() => value)] });
    expect(provider.requests[1]?.messages.at(-1)).toEqual({ role: "tool", tool_call_id: "c1", content: told });
  });

  test("S18 toolContent: a picture goes to the model as a picture", async () => {
    const parts = [{ type: "text", text: "the chart" }, imagePart("data:image/png;base64,QUJD")];
    const { llm, provider } = scriptedClient([call("give"), "a chart"]);
    const result = await llm.generate({ prompt: "go", tools: [giving(() => toolContent(parts))] });
    expect(provider.requests[1]?.messages.at(-1)).toEqual({ role: "tool", tool_call_id: "c1", content: parts });
    expect(result.steps[0]?.toolResults[0]?.result).toEqual(toolContent(parts));
    expect(JSON.parse(JSON.stringify(result.newMessages))).toEqual(result.newMessages);
  });

  test("S18 needsApproval that throws is a tool that failed, and nothing runs", async () => {
    const ran: unknown[] = [];
    const careful = tool({
      name: "give",
      parameters: z.object({}),
      needsApproval: () => {
        throw new Error("no database");
      },
      execute: () => ran.push(1),
    });
    const told = scriptedClient([call("give"), "ok"]);
    await told.llm.generate({ prompt: "go", tools: [careful] });
    expect(told.provider.requests[1]?.messages.at(-1)?.content).toBe('{"error":"no database"}');
    const { llm } = scriptedClient([call("give")]);
    const error = await rejection(llm.generate({ prompt: "go", tools: [careful], onToolError: "throw" }));
    expect([error.code, error.detail, ran]).toEqual(["tool", "no database", []]);
  });

  test("S18 one call that fails with onToolError: throw stops the others; all calls stand in partial", async () => {
    const stopped = Promise.withResolvers<void>();
    const slow = tool({
      name: "slow",
      parameters: z.object({}),
      execute: (_args, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            stopped.resolve();
            reject(signal.reason);
          });
        }),
    });
    const bad = giving(() => {
      throw new Error("no disk");
    });
    const { llm } = scriptedClient([
      {
        toolCalls: [
          { name: "slow", arguments: {}, id: "c1" },
          { name: "give", arguments: {}, id: "c2" },
        ],
      },
    ]);
    const error = await rejection(llm.generate({ prompt: "go", tools: [slow, bad], onToolError: "throw" }));
    await stopped.promise;
    expect([error.code, error.detail, error.partial?.toolCalls?.map(({ id }: { id: string }) => id)]).toEqual([
      "tool",
      "no disk",
      ["c1", "c2"],
    ]);
  });
});

describe("S18 the end of the loop", () => {
  const usage = (cost: number) => ({ prompt_tokens: 1, completion_tokens: 1, cost });
  const again = (cost?: number): ScriptedReplySource => ({
    toolCalls: [{ name: "give", arguments: {} }],
    ...(cost === undefined ? {} : { usage: usage(cost) }),
  });

  test("S18 maxCost adds exactly: seven tenths of a dollar and one are eight", async () => {
    const { llm } = scriptedClient([again(0.7), again(0.1), again(0.5)]);
    const result = await llm.generate({ prompt: "go", tools: [giving(() => 1)], stopWhen: maxCost(0.8) });
    expect([result.steps.length, result.cost?.usd, result.finishReason]).toEqual([2, 0.8, "tool_calls"]);
  });

  test("S18 the first of several conditions ends it; one that throws ends the call with `tool`", async () => {
    const { llm, provider } = scriptedClient([again(0.4)]);
    const stopWhen = [stepCountIs(5), maxCost(0.8), async () => false];
    expect((await llm.generate({ prompt: "go", tools: [giving(() => 1)], stopWhen })).steps).toHaveLength(2);
    const broken = () => {
      throw new Error("no counter");
    };
    const error = await rejection(llm.generate({ prompt: "go", tools: [giving(() => 1)], stopWhen: broken }));
    expect([error.code, error.detail, provider.requests.length]).toEqual(["tool", "no counter", 3]);
  });

  test("S18 onMaxSteps: answer, streamed: the last calls are answered, then the model has to say something", async () => {
    const { llm, provider } = scriptedClient([again(), again(), "So it is 2."]);
    const stream = llm.stream({ prompt: "go", tools: [giving(() => 2)], maxSteps: 2, onMaxSteps: "answer" });
    expect((await batchesOf(stream)).join("")).toBe("So it is 2.");
    const result = await stream.result;
    expect([result.steps.length, result.finishReason, result.toolCalls]).toEqual([3, "stop", []]);
    expect(provider.requests.map((body) => [body.tool_choice, body.messages.length])).toEqual([
      [undefined, 1],
      [undefined, 3],
      ["none", 5],
    ]);
    expect(provider.requests[2]?.tools).toHaveLength(1);
  });

  test("S18 a model that calls tools even then ends the loop; its calls stand in the result, unanswered", async () => {
    let ran = 0;
    const { llm, provider } = scriptedClient([again()]);
    const count = giving(() => {
      ran += 1;
    });
    const result = await llm.generate({ prompt: "go", tools: [count], maxSteps: 1, onMaxSteps: "answer" });
    expect([provider.requests.length, ran, result.finishReason, result.toolCalls.length]).toEqual([
      2,
      1,
      "tool_calls",
      1,
    ]);
  });

  test.each([
    ["json_schema", { object: { n: 2 } }, "none"],
    ["tool", { object: { n: 2 } }, { type: "function", function: { name: "answer" } }],
  ] as const)("S18 an object by %s, with tools: it is given after the last step", async (strategy, reply, choice) => {
    const { llm, provider } = scriptedClient([again(), again(), reply]);
    const { object, toolCalls } = await llm.generateStructured({
      prompt: "go",
      schema: z.object({ n: z.number() }),
      tools: [giving(() => 2)],
      maxSteps: 2,
      onMaxSteps: "answer",
      strategy,
    });
    expect([object, toolCalls, provider.requests.length]).toEqual([{ n: 2 }, [], 3]);
    expect(provider.requests[2]?.tool_choice).toEqual(choice);
  });
});

test("S18 tee: every branch sees the whole tool turn, progress and results, and the tools run once", async () => {
  let ran = 0;
  const slow = tool({
    name: "slow",
    parameters: z.object({}),
    async *execute() {
      ran += 1;
      yield "half";
      return "whole";
    },
  });
  const { llm, provider } = scriptedClient([call("slow"), "fine"]);
  const branches = llm.stream({ prompt: "go", tools: [slow] }).tee(3);
  const seen = await Promise.all(branches.map((branch) => batchesOf<StreamEvent>(branch.events)));
  const kinds = seen.map((events) => events.map(({ type }) => type));
  expect(kinds[0]).toEqual(expect.arrayContaining(["tool-call", "tool-progress", "tool-result", "finish"]));
  expect([kinds[1], kinds[2]]).toEqual([kinds[0], kinds[0]]);
  expect([ran, provider.requests.length]).toEqual([1, 2]);
});
