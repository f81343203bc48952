import { describe, expect, test } from "vitest";
import type { GenerateRequest, Step } from "../index.js";
import { tool } from "../index.js";
import type { ChatBody } from "../messages/chat-body.js";
import { answerTool } from "../structured/answer-tool.js";
import { mayAskCache, mayKeepAnswer } from "./may-keep.js";

const own = (execute?: () => string) =>
  tool({ name: "clock", description: "Tells the time", parameters: { type: "object" }, ...(execute && { execute }) });

function may(
  fields: Record<string, unknown>,
  responseCache?: GenerateRequest["responseCache"],
  tools = [] as unknown[],
) {
  const body = { messages: [], model: "openai/gpt-4o", ...fields } as ChatBody;
  const call = { request: { prompt: "x", responseCache }, tools } as unknown as Parameters<typeof mayAskCache>[0];
  return mayAskCache(call, body);
}

describe("whether a cache is asked", () => {
  test("without a word: only at temperature 0, as it is sent", () => {
    expect([may({ temperature: 0 }), may({ temperature: 0.1 }), may({})]).toEqual([true, false, false]);
  });

  test("true and an object ask at every temperature, false at none", () => {
    expect([may({}, true), may({ temperature: 2 }, { ttlMs: 5 }), may({ temperature: 0 }, false)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("tools: those that are run here never, those that are only told of do not matter", () => {
    const run = own(() => "12:00");
    expect([may({}, true, [run]), may({}, true, [own()])]).toEqual([false, true]);
    expect(may({ tools: [{ type: "function", function: { name: "f" } }] }, true)).toBe(true);
  });

  test.each([
    [{ tools: [{ type: "openrouter:web_search" }] }],
    [{ tools: [{ type: "function" }, { type: "openrouter:datetime" }] }],
    [{ tools: [null] }],
    [{ plugins: [{ id: "web" }] }],
    [{ plugins: [{ id: "fusion" }] }],
    [{ plugins: [{ id: "of-a-later-day" }] }],
    [{ web_search_options: {} }],
    [{ model: "openai/gpt-4o:online" }],
    [{ models: ["a/b", "perplexity/sonar-pro"] }],
    [{ model: "openai/gpt-4o-search-preview" }],
    [{ modalities: ["text", "audio"] }],
    [{ audio: { voice: "alloy" } }],
    [{ logprobs: true }],
    [{ n: 2 }],
    [{ debug: { echo_upstream_body: true } }],
  ])("never for what comes from elsewhere, or is more than a text: %j", (fields) => {
    expect(may({ temperature: 0, ...fields }, true)).toBe(false);
  });

  test.each([
    [{ plugins: [{ id: "file-parser" }, { id: "response-healing" }] }],
    [{ response_format: { type: "json_object" } }],
    [{ modalities: ["image", "text"] }],
    [{ n: 1 }],
    [{ logprobs: false }],
  ])("for what depends on the prompt alone: %j", (fields) => {
    expect(may({ temperature: 0, ...fields })).toBe(true);
  });

  test.each([[{ preset: "p" }], [{ model: "@preset/p" }], [{ models: ["a/b", "openai/gpt-4o@preset/p"] }]])(
    "only where it is asked for with a preset, which may search: %j",
    (fields) => {
      expect(may({ temperature: 0, ...fields })).toBe(false);
      expect(may({ temperature: 0, ...fields }, true)).toBe(true);
    },
  );
});

describe("whether an answer is kept", () => {
  const step = (fields: Partial<Step>): Step => ({
    text: "hi",
    reasoning: "",
    message: { role: "assistant", content: "hi" },
    toolCalls: [],
    toolResults: [],
    finishReason: "stop",
    model: "a/b",
    ...fields,
  });
  const keeps = (fields: Partial<Step>, tools?: GenerateRequest["tools"]) =>
    mayKeepAnswer(step(fields), false, { tools });
  const call = { id: "c", name: "answer", rawArguments: "{}", arguments: {} };

  test("one that is whole is", () => {
    expect([keeps({}), mayKeepAnswer(step({ text: "" }), true, {})]).toEqual([true, true]);
  });

  test.each<[Partial<Step>]>([
    [{ finishReason: "length" }],
    [{ finishReason: "content_filter" }],
    [{ finishReason: "unknown" }],
    [{ finishReason: "error" }],
    [{ text: "" }],
    [{ refusal: "no" }],
    [{ message: { role: "assistant", content: "hi", audio: { data: "" } } }],
    [{ message: { role: "assistant", content: "hi", function_call: { name: "f" } } }],
    [{ finishReason: "tool_calls", toolCalls: [call] }],
  ])("one that is not, or calls a tool, is not: %j", (fields) => {
    expect(keeps(fields)).toBe(false);
  });

  test("a call of the function that gives an object is the answer, unless it is broken or stands beside others", () => {
    const schema = { jsonSchema: { type: "object" } } as unknown as Parameters<typeof answerTool>[1];
    const tools = [answerTool("answer", schema)];
    const calls = (...toolCalls: Step["toolCalls"]) => keeps({ finishReason: "tool_calls", toolCalls }, tools);
    expect(calls(call)).toBe(true);
    expect(calls(call, { ...call, name: "f" })).toBe(false);
    expect(calls({ ...call, invalid: true })).toBe(false);
  });
});
