import { describe, expect, test } from "vitest";
import { type GenerateResult, type LLMError, type StreamEvent, tool } from "../src/index.js";
import { rejection } from "./rejection.js";
import { events, json, textChunk, upstream } from "./upstream.js";

const finish = (word: string, more: object = {}) => ({
  choices: [{ index: 0, delta: {}, finish_reason: word, ...more }],
});
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, cost: 0.25 };
const call = (index: number | undefined, more: object) => ({
  choices: [{ delta: { tool_calls: [{ index, ...more }] } }],
});
const named = (name: string, args: string, id?: string) => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

async function streaming(...chunks: object[]) {
  const { llm, requests } = await upstream(
    (_seen, response) => {
      events(response, ...chunks);
      response.end("data: [DONE]\n\n");
    },
    { retry: false },
  );
  const seen: StreamEvent[] = [];
  const read = async (): Promise<GenerateResult> => {
    for await (const event of llm.stream({ prompt: "x" }).events) seen.push(event);
    const last = seen.at(-1);
    if (last?.type !== "finish") throw new Error("the stream ended without a finish");
    return last.result;
  };
  return { read, seen, requests };
}
const result = async (...chunks: object[]) => (await streaming(...chunks)).read();
const failure = async (...chunks: object[]): Promise<LLMError> => rejection((await streaming(...chunks)).read());

describe("an error in the middle of a stream is that error, with what had come", () => {
  const failed = { code: 502, message: "Provider disconnected", metadata: { provider_name: "Acme" } };

  test.each<[string, object]>([
    ["F68 beside the finish word error", { error: failed, ...finish("error") }],
    ["F69 beside no choices", { error: failed, choices: [] }],
    ["F72 in the first choice", { choices: [{ delta: { content: "" }, finish_reason: null, error: failed }] }],
  ])("%s", async (_where, chunk) => {
    const error = await failure(textChunk("half"), chunk);
    expect(error).toMatchObject({ code: "provider_error", servedBy: "Acme", retryable: false, generationId: "gen-1" });
    expect([error.detail, error.upstream?.code, error.partial?.text]).toEqual([
      "Provider disconnected (Acme)",
      502,
      "half",
    ]);
  });

  test("F70 next to the finish word length: the word and the usage are kept", async () => {
    const last = { ...finish("length"), usage, error: { code: 400, message: "Token limit reached" } };
    const error = await failure(textChunk("half"), last);
    expect([error.code, error.detail]).toEqual(["invalid_request", "Token limit reached"]);
    expect(error.partial).toMatchObject({ text: "half", rawFinishReason: "length", usage: { totalTokens: 5 } });
  });

  test("F71 the finish word error alone is the provider's, told by the native word", async () => {
    const word = finish("error", { native_finish_reason: "MALFORMED_FUNCTION_CALL" });
    const late = await failure(textChunk("half"), word);
    expect([late.code, late.detail, late.retryable]).toEqual(["provider_error", "MALFORMED_FUNCTION_CALL", false]);
    expect((await failure(word)).retryable).toBe(true);
  });

  test.each<[string, unknown, string, unknown]>([
    ["nothing", null, "provider_error", undefined],
    ["a word", "rate_limit_exceeded", "rate_limit", "rate_limit_exceeded"],
    ["an object", { status: 500 }, "provider_error", undefined],
    ["a number in text", "429", "rate_limit", "429"],
  ])("F73 with %s for a code", async (_what, code, wanted, kept) => {
    const error = await failure(textChunk("half"), { error: { code, message: "broken" } });
    expect([error.code, error.upstream?.code, error.detail.includes("[object")]).toEqual([wanted, kept, false]);
  });
});

describe("tool calls", () => {
  const calls = async (...chunks: object[]) => (await result(...chunks, finish("tool_calls"))).toolCalls;

  test("F74 ids that are missing or stand twice are made unique, the same in the message", async () => {
    const { toolCalls, message } = await result(
      call(0, named("a", "{}", "same")),
      call(1, named("b", "{}", "same")),
      call(2, named("c", "{}", "")),
      finish("tool_calls"),
    );
    const ids = toolCalls.map(({ id }) => id);
    expect([new Set(ids).size, ids.includes("")]).toEqual([3, false]);
    expect(message.tool_calls?.map(({ id }) => id)).toEqual(ids);
  });

  test("F75 an index that is used again with another id and name is another call", async () => {
    const made = await calls(call(1, named("a", '{"x":1}', "1")), call(1, named("b", '{"y":2}', "2")));
    expect(made.map(({ name, arguments: given }) => [name, given])).toEqual([
      ["a", { x: 1 }],
      ["b", { y: 2 }],
    ]);
  });

  test("F76 a name may come late or in every piece; without one the call is invalid", async () => {
    const made = await calls(
      call(0, { id: "late", function: { arguments: "{}" } }),
      call(0, { function: { name: "a" } }),
      call(1, named("b", "{", "twice")),
      call(1, named("b", "}", "twice")),
      call(2, { id: "never", function: { arguments: "{}" } }),
    );
    expect(made.map(({ name, invalid }) => [name, invalid])).toEqual([
      ["a", undefined],
      ["b", undefined],
      ["", true],
    ]);
  });

  test.each<[unknown, object]>([
    ["", { arguments: {} }],
    [undefined, { arguments: {} }],
    [{ x: 1 }, { arguments: { x: 1 } }],
    ['{"x":1}{"x":2}', { invalid: true }],
    ["[1]", { invalid: true }],
    ['{"x":', { invalid: true }],
  ])("F77 arguments %j", async (given, wanted) => {
    const [made] = await calls(call(0, { id: "1", function: { name: "a", arguments: given } }));
    expect(made).toMatchObject(wanted);
    expect("arguments" in (made ?? {})).toBe(!("invalid" in wanted));
  });

  test("F78 a blank behind whole arguments makes no second call, and none before the end", async () => {
    const { read, seen } = await streaming(
      call(0, named("a", '{"x":1}', "1")),
      call(0, { function: { arguments: " " } }),
      finish("tool_calls"),
    );
    const { toolCalls } = await read();
    expect(toolCalls.map(({ arguments: given, rawArguments }) => [given, rawArguments])).toEqual([
      [{ x: 1 }, '{"x":1} '],
    ]);
    expect(
      seen.filter(({ type }) => type === "tool-call" || type === "tool-call-delta").map(({ type }) => type),
    ).toEqual(["tool-call-delta", "tool-call-delta", "tool-call"]);
  });
});

describe("what may be missing or new", () => {
  test("F79 a role of no letters, null for content and no content at all", async () => {
    const { text, message } = await result(
      { choices: [{ index: 0, delta: { role: "", content: null } }] },
      { choices: [{ index: 0, delta: {} }] },
      { choices: [{ index: 0 }] },
      { choices: [{ index: 0, delta: null }] },
      textChunk("hi"),
      finish("stop"),
    );
    expect([text, message.role, message.content]).toEqual(["hi", "assistant", "hi"]);
  });

  test("F80 chunks without choices, or without any in the list, change nothing", async () => {
    const { text, finishReason } = await result(
      { id: "gen-1" },
      { choices: [] },
      textChunk("a"),
      { choices: [] },
      { choices: null },
      textChunk("b"),
      finish("stop"),
      { choices: [] },
    );
    expect([text, finishReason]).toEqual(["ab", "stop"]);
  });

  test("F81 R9 unknown fields, kinds of details and finish words pass through", async () => {
    const detail = { type: "reasoning.hologram", index: 0, payload: { shape: "ring" } };
    const { message, finishReason, rawFinishReason, raw } = await result(
      { choices: [{ delta: { content: "hi", mood: "calm", reasoning_details: [detail] } }], colour: "blue" },
      { ...finish("paused_for_tea"), colour: "red" },
    );
    expect([finishReason, rawFinishReason, raw]).toEqual([
      "unknown",
      "paused_for_tea",
      expect.objectContaining({ colour: "red" }),
    ]);
    expect(message.reasoning_details).toEqual([detail]);
  });
});

describe("usage", () => {
  test("F82 wherever it stands and however often, the last one counts", async () => {
    const early = { ...usage, total_tokens: 4, cost: 0.1 };
    const twice = await result({ ...textChunk("a"), usage: early }, { ...finish("stop"), usage }, { choices: [] });
    const alone = await result(textChunk("a"), finish("stop"), { choices: [], usage });
    for (const read of [twice, alone]) expect([read.usage?.totalTokens, read.cost?.usd]).toEqual([5, 0.25]);
    const none = await result(textChunk("a"), { ...finish("stop"), usage: null });
    expect(none.usage).toBeUndefined();
  });

  test("F93 numbers that are none are dropped, zero is kept, and sums stay finite", async () => {
    const written = (cost: string, tokens: string) =>
      `{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":${tokens},"completion_tokens":2,"total_tokens":5,"cost":${cost}}}`;
    const bodies = [
      written('"0.25"', "3"),
      written("1e999", "-1"),
      written("-0", "1e999"),
      written("null", "1.5"),
      written("{}", '"3"'),
      written("0.25", "3"),
    ];
    const { llm } = await upstream((_seen, response, count) =>
      response.writeHead(200, { "content-type": "application/json" }).end(bodies[count - 1]),
    );
    const read: unknown[] = [];
    for (const _body of bodies) {
      const { cost, usage: told } = await llm.generate({ prompt: "x", model: "openai/gpt-4o-mini" });
      read.push([cost?.source === "provider" ? cost.usd : cost?.source, told?.promptTokens]);
      expect(Object.is(cost?.usd, -0)).toBe(false);
    }
    expect(read).toEqual([
      ["estimate", 3],
      ["estimate", 3],
      [0, 3],
      ["estimate", 3],
      ["estimate", 3],
      [0.25, 3],
    ]);
    expect(Number.isFinite(llm.usage.total.usd)).toBe(true);
  });
});

test("F83 thoughts behind text, in both forms and with a late signature, are all there and once", async () => {
  const thought = (text: string, more: object = {}) => ({
    choices: [{ delta: { reasoning: text, reasoning_details: [{ type: "reasoning.text", index: 0, text, ...more }] } }],
  });
  const { text, reasoning, message } = await result(
    textChunk("\n"),
    thought("first "),
    thought("then"),
    textChunk("answer"),
    { choices: [{ delta: { reasoning_details: [{ type: "reasoning.text", index: 0, signature: "late" }] } }] },
    finish("stop"),
  );
  expect([text, reasoning]).toEqual(["\nanswer", "first then"]);
  expect(message.reasoning_details).toEqual([
    { type: "reasoning.text", index: 0, text: "first then", signature: "late" },
  ]);
});

test("F89 F90 __proto__ as a key or a name, and a hundred thousand brackets, do no harm", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const { toolCalls } = await result(
    call(0, named("__proto__", '{"__proto__":{"admin":true},"x":1}', "1")),
    call(1, named("a", `{"x":${deep}}`, "2")),
    call(2, named("constructor", deep, "3")),
    finish("tool_calls"),
  );
  expect(toolCalls.map(({ name, invalid }) => [name, invalid])).toEqual([
    ["__proto__", undefined],
    ["a", undefined],
    ["constructor", true],
  ]);
  expect([({} as { admin?: boolean }).admin, Object.getPrototypeOf(toolCalls[0]?.arguments)]).toEqual([
    undefined,
    Object.prototype,
  ]);
  const { llm } = await upstream((_seen, response) => response.writeHead(200).end(deep), { retry: false });
  expect((await rejection(llm.generate({ prompt: "x" }))).code).toBe("invalid_response");
});

test("F90 arguments of a hundred thousand levels reach no tool that checks them, and break nothing", async () => {
  const deep = `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  const ask = {
    choices: [{ message: { tool_calls: [named("dig", deep, "1")] }, finish_reason: "tool_calls" }],
  };
  const done = { choices: [{ message: { content: "enough" }, finish_reason: "stop" }] };
  const { llm, requests } = await upstream((_seen, response, count) => json(response, 200, count === 1 ? ask : done));
  let executed = 0;
  const parameters = {
    type: "object",
    properties: { x: { $ref: "#/$defs/nest" } },
    $defs: { nest: { type: "array", items: { $ref: "#/$defs/nest" } } },
  };
  const dig = tool({ name: "dig", description: "Digs.", parameters, execute: () => ++executed });
  const { text } = await llm.generate({ prompt: "x", tools: [dig] });
  const told = (requests[1]?.body.messages as { role: string; content: string }[] | undefined)?.[2];
  expect([text, executed, told?.role, told?.content]).toEqual(["enough", 0, "tool", expect.stringContaining("deep")]);
});
