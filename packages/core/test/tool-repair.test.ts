import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type Message,
  type RepairContext,
  type RepairToolCall,
  type StreamEvent,
  type ToolCall,
  tool,
} from "../src/index.js";
import type { ScriptedReplySource } from "../src/testing/index.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";

const call = (args: unknown, id = "c1"): ScriptedReplySource => ({ toolCalls: [{ name: "add", arguments: args, id }] });

/** A tool that adds, and what it was run with. */
function adder(more: { needsApproval?: boolean } = {}) {
  const ran: unknown[] = [];
  const add = tool({
    name: "add",
    parameters: z.object({ a: z.number(), b: z.coerce.number() }),
    execute: (args) => {
      ran.push(args);
      return args.a + args.b;
    },
    ...more,
  });
  return { add, ran };
}
const contentOf = (messages: readonly Message[] | undefined) => messages?.at(-1)?.content;

describe("S18 repairToolCall", () => {
  test.each<[string, unknown, string]>([
    ["no JSON", '{"a":1,"b"', "the arguments are not a JSON object"],
    ["two objects in a row", '{}{"a":1,"b":2}', "the arguments are not a JSON object"],
    ["what does not validate", { a: "1", b: "2" }, "the arguments are not valid: a: "],
  ])("S18 %s is mended by text or by an object, and runs", async (_what, args, error) => {
    for (const repaired of ['{"a":1,"b":"2"}', { a: 1, b: "2" }]) {
      const { add, ran } = adder();
      const { llm, provider } = scriptedClient([call(args), "3"]);
      const asked: [Readonly<ToolCall>, RepairContext][] = [];
      const repairToolCall: RepairToolCall = (...given) => {
        asked.push(given);
        return repaired;
      };
      const result = await llm.generate({ prompt: "go", tools: [add], repairToolCall });
      const raw = typeof args === "string" ? args : JSON.stringify(args);
      expect([ran, result.text]).toEqual([[{ a: 1, b: 2 }], "3"]);
      expect(asked).toMatchObject([
        [
          { id: "c1", name: "add", rawArguments: raw },
          { error: expect.stringContaining(error), schema: { type: "object", required: ["a", "b"] } },
        ],
      ]);
      expect(result.steps[0]?.toolCalls).toEqual([
        { id: "c1", name: "add", rawArguments: raw, arguments: { a: 1, b: "2" }, repaired: true },
      ]);
      expect(result.warnings).toEqual([
        { code: "tool_call_repaired", message: 'the arguments of a call of "add" did not fit and were repaired' },
      ]);
      // The model reads in its history what really ran.
      expect(provider.requests[1]?.messages.at(-2)).toMatchObject({
        tool_calls: [{ id: "c1", function: { name: "add", arguments: '{"a":1,"b":"2"}' } }],
      });
      expect(result.newMessages[0]).toEqual(provider.requests[1]?.messages.at(-2));
    }
  });

  test.each<[string, Awaited<ReturnType<RepairToolCall>>]>([
    ["nothing", undefined],
    ["text that is no JSON", '{"a":'],
    ["an object that does not fit either", { a: "one", b: 2 }],
    ["an array", [] as never],
  ])("S18 a repair that gives %s executes nothing; the model hears of its own mistake", async (_what, repaired) => {
    const { add, ran } = adder();
    const { llm, provider } = scriptedClient([call('{"a":1'), "sorry"]);
    const result = await llm.generate({ prompt: "go", tools: [add], repairToolCall: () => repaired });
    expect([ran, result.text, result.warnings]).toEqual([[], "sorry", []]);
    expect(contentOf(provider.requests[1]?.messages)).toBe('{"error":"the arguments are not a JSON object"}');
    expect(result.steps[0]?.toolCalls).toEqual([{ id: "c1", name: "add", rawArguments: '{"a":1', invalid: true }]);
  });

  test("S18 it is not asked where the arguments fit, nor for a call that was cut at the token limit", async () => {
    let asked = 0;
    const repairToolCall = () => {
      asked += 1;
      return { a: 1, b: 2 };
    };
    const { add, ran } = adder();
    await scriptedClient([call({ a: 1, b: 2 }), "3"]).llm.generate({ prompt: "go", tools: [add], repairToolCall });
    const cut = scriptedClient([{ toolCalls: [{ name: "add", arguments: '{"a":1' }], finishReason: "length" }]);
    const result = await cut.llm.generate({ prompt: "go", tools: [add], repairToolCall });
    expect([asked, ran.length, result.finishReason, result.toolCalls[0]?.invalid]).toEqual([0, 1, "length", true]);
  });

  test("S18 one that throws is a tool that failed: reported, or thrown with its reason", async () => {
    const { add, ran } = adder();
    const reason = new Error("no idea");
    const repairToolCall = () => {
      throw reason;
    };
    const told = scriptedClient([call('{"a'), "sorry"]);
    await told.llm.generate({ prompt: "go", tools: [add], repairToolCall });
    expect(contentOf(told.provider.requests[1]?.messages)).toBe('{"error":"no idea"}');
    const thrown = scriptedClient([call('{"a'), "never"]).llm;
    const error = await rejection(
      thrown.generate({ prompt: "go", tools: [add], repairToolCall, onToolError: "throw" }),
    );
    expect([error.code, error.detail, error.cause, ran]).toEqual(["tool", "no idea", reason, []]);
  });

  test("F31 an abort does not wait for a repair that does not listen", async () => {
    const started = Promise.withResolvers<AbortSignal>();
    const { add, ran } = adder();
    const { llm } = scriptedClient([call('{"a'), "never"]);
    const controller = new AbortController();
    const work = rejection(
      llm.generate({
        prompt: "go",
        tools: [add],
        signal: controller.signal,
        repairToolCall: (_call, { signal }) => {
          started.resolve(signal);
          return new Promise<never>(() => {});
        },
      }),
    );
    const signal = await started.promise;
    controller.abort("enough");
    expect(await work).toMatchObject({ code: "aborted", cause: "enough" });
    expect([signal.aborted, ran]).toEqual([true, []]);
  });

  test("S18 it may ask a model of its own, charged like the call", async () => {
    const { add, ran } = adder();
    const usage = { prompt_tokens: 1, completion_tokens: 1, cost: 0.25 };
    const { llm } = scriptedClient([
      { toolCalls: [{ name: "add", arguments: '{"a":1,"b":' }], usage },
      { text: '{"a":1,"b":2}', usage },
      { text: "3", usage },
    ]);
    const user = llm.scope({ user: "ada" });
    const result = await user.generate({
      prompt: "go",
      tools: [add],
      repairToolCall: async ({ rawArguments }, { error, llm: scoped }) =>
        (await scoped.generate({ prompt: `${error}: ${rawArguments}` })).text,
    });
    expect([ran, result.text, llm.usage.byUser({ limit: 1 })[0]]).toMatchObject([
      [{ a: 1, b: 2 }],
      "3",
      { user: "ada", usd: 0.75 },
    ]);
  });

  test("S18 streamed: the warning is an event behind the result", async () => {
    const { add } = adder();
    const { llm } = scriptedClient([call('{"a":1'), "3"]);
    const events: StreamEvent[] = [];
    const repairToolCall = () => ({ a: 1, b: 2 });
    for await (const event of llm.stream({ prompt: "go", tools: [add], repairToolCall }).events) events.push(event);
    expect(events.filter(({ type }) => type === "warning" || type === "tool-result")).toMatchObject([
      { type: "tool-result", result: 3 },
      { type: "warning", warning: { code: "tool_call_repaired" } },
    ]);
  });

  test("S18 what is approved is what was shown: mended arguments wait, and run unmended again", async () => {
    const { add, ran } = adder({ needsApproval: true });
    const { llm, provider } = scriptedClient([call('{"a":1'), "3"]);
    const repairs = [
      { a: 1, b: 2 },
      { a: 666, b: 2 },
    ];
    const repairToolCall = () => repairs.shift();
    const first = await llm.generate({ prompt: "go", tools: [add], repairToolCall });
    expect([ran, first.toolCalls]).toMatchObject([[], [{ arguments: { a: 1, b: 2 }, needsApproval: true }]]);
    const messages = JSON.parse(JSON.stringify([{ role: "user", content: "go" }, ...first.newMessages])) as Message[];
    await llm.generate({ messages, tools: [add], repairToolCall, approvals: { c1: true } });
    expect([ran, repairs.length]).toEqual([[{ a: 1, b: 2 }], 1]);
    expect(contentOf(provider.requests[1]?.messages)).toBe("3");
  });

  test("S18 nothing is mended behind an approval of arguments that do not fit", async () => {
    const { add, ran } = adder({ needsApproval: true });
    const { llm, provider } = scriptedClient(["sorry"]);
    const messages: Message[] = [
      { role: "user", content: "go" },
      { role: "assistant", tool_calls: [{ id: "c1", type: "function", function: { name: "add", arguments: '{"a"' } }] },
    ];
    const repairToolCall = () => ({ a: 1, b: 2 });
    await llm.generate({ messages, tools: [add], repairToolCall, approvals: { c1: true } });
    expect([ran, contentOf(provider.requests[0]?.messages)]).toEqual([
      [],
      '{"error":"the arguments are not a JSON object"}',
    ]);
  });

  test("S18 what is no function is refused", async () => {
    const { llm, provider } = scriptedClient(["never"]);
    const error = await rejection(llm.generate({ prompt: "go", repairToolCall: {} as never }));
    expect([error.code, error.detail, provider.requests]).toEqual([
      "invalid_request",
      expect.stringContaining("repairToolCall"),
      [],
    ]);
  });
});
