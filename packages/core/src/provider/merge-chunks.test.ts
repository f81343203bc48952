import { describe, expect, test } from "vitest";
import type { ChatChunk } from "../messages/chat-body.js";
import { mergeChunks } from "./merge-chunks.js";

/** The one answer of chunks as they may come from the wire. */
const merged = (...chunks: unknown[]) => mergeChunks(chunks as ChatChunk[]);
const delta = (fields: unknown, more: object = {}) => ({ choices: [{ index: 0, delta: fields, ...more }] });
const choiceOf = (...chunks: unknown[]) => merged(...chunks).choices?.[0];
const messageOf = (...deltas: unknown[]) => choiceOf(...deltas.map((fields) => delta(fields)))?.message;
const EMPTY = { role: "assistant", content: null };

describe("what stands around the answer", () => {
  test("every field of every chunk, the last value of each, and null is none", () => {
    expect(
      merged(
        { id: "a", object: "chat.completion.chunk", model: "m/one", usage: null, extra: [1] },
        { id: "a", model: "m/two", provider: "P", usage: { cost: 1 }, choices: [] },
        { model: null, provider: undefined, usage: { cost: 2 }, error: { message: "x" } },
      ),
    ).toStrictEqual({
      object: "chat.completion",
      id: "a",
      model: "m/two",
      provider: "P",
      usage: { cost: 2 },
      extra: [1],
      error: { message: "x" },
      choices: [{ index: 0, message: EMPTY }],
    });
  });

  test("a key called __proto__ gives the answer no other prototype", () => {
    const chunk = JSON.parse('{"id":"a","__proto__":{"error":{"message":"x"}},"choices":[]}') as ChatChunk;
    const whole = mergeChunks([chunk]);
    expect([Object.getPrototypeOf(whole), whole.error, whole.id]).toEqual([Object.prototype, undefined, "a"]);
  });

  test("the last finish words, the error and the log probabilities of the choice", () => {
    const token = (text: string) => ({ token: text, logprob: -1 });
    expect(
      choiceOf(
        delta({}, { finish_reason: "length", native_finish_reason: "MAX", logprobs: { content: [token("a")] } }),
        delta({}, { finish_reason: "stop", native_finish_reason: "END", logprobs: { content: [token("b")] } }),
        delta({}, { finish_reason: null, native_finish_reason: undefined, logprobs: null, error: { code: 502 } }),
        delta({}, { error: null, logprobs: undefined }),
      ),
    ).toStrictEqual({
      index: 0,
      finish_reason: "stop",
      native_finish_reason: "END",
      error: { code: 502 },
      logprobs: { content: [token("a"), token("b")] },
      message: EMPTY,
    });
  });
});

describe("which of several answers is read", () => {
  const choice = (index: unknown, content: string) => ({ index, delta: { content } });
  test.each([
    [[choice(0, "a"), choice(1, "b")], "a"],
    [[choice(1, "b"), choice(0, "a")], "a"],
    [[null, 7, choice(0, "a")], "a"],
    [[choice(undefined, "a"), choice(0, "b")], "a"],
    [[choice(null, "a")], "a"],
    [[choice(1, "b")], null],
    [[], null],
    [{ find: 0 }, null],
    [null, null],
    [undefined, null],
    [[{ index: 0 }], null],
    [[{ index: 0, delta: null }], null],
    [[{ index: 0, delta: "a" }], null],
  ])("%j gives %j", (choices, content) => {
    expect(choiceOf({ choices })).toStrictEqual({ index: 0, message: { role: "assistant", content } });
  });
});

describe("the message", () => {
  test.each(["content", "reasoning", "reasoning_content", "refusal"])("the texts of %s are joined", (name) => {
    expect(messageOf({ [name]: "Hel" }, { [name]: null }, {}, { [name]: 7 }, { [name]: "lo" })).toStrictEqual({
      ...EMPTY,
      [name]: "Hello",
    });
    expect(messageOf({ [name]: "" })).toStrictEqual({ ...EMPTY, [name]: "" });
    expect(messageOf({ [name]: null }, { [name]: ["a"] })).toStrictEqual(EMPTY);
  });

  test("F83 pieces of one thought are one detail, ready to go back", () => {
    const piece = (text: string, more: object = {}) => ({ type: "reasoning.text", index: 0, text, ...more });
    expect(
      messageOf(
        { reasoning_details: [piece("We ")] },
        { reasoning_details: [piece("think", { signature: "sig" }), { type: "reasoning.encrypted", data: "D" }] },
      ),
    ).toStrictEqual({
      ...EMPTY,
      reasoning_details: [piece("We think", { signature: "sig" }), { type: "reasoning.encrypted", data: "D" }],
    });
    expect(messageOf({ reasoning_details: [] })).toStrictEqual({ ...EMPTY, reasoning_details: [] });
  });

  test.each(["annotations", "images"])("%s are gathered", (name) => {
    expect(messageOf({ [name]: [{ a: 1 }] }, { [name]: null }, { [name]: [{ b: 2 }, { c: 3 }] })).toStrictEqual({
      ...EMPTY,
      [name]: [{ a: 1 }, { b: 2 }, { c: 3 }],
    });
    expect(messageOf({ [name]: [] })).toStrictEqual(EMPTY);
  });

  test("sound is put together", () => {
    const data = (text: string) => Buffer.from(text).toString("base64");
    expect(
      messageOf({ audio: { id: "x", data: data("ab") } }, { audio: { data: data("cd"), transcript: "abcd" } }),
    ).toStrictEqual({ ...EMPTY, audio: { id: "x", data: data("abcd"), transcript: "abcd" } });
  });

  test("fields of the wrong kind are passed over", () => {
    for (const name of ["reasoning_details", "annotations", "images", "tool_calls", "audio"])
      for (const odd of [null, undefined, "x", 7]) expect(messageOf({ [name]: odd }), name).toStrictEqual(EMPTY);
  });
});

describe("tool calls", () => {
  const calls = (...pieces: unknown[]) => messageOf(...pieces.map((piece) => ({ tool_calls: [piece] })))?.tool_calls;
  const call = (id: string, name: string, text: string) => ({
    id,
    type: "function",
    function: { name, arguments: text },
  });

  test("pieces go to the call at their index", () => {
    expect(
      calls(
        { index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } },
        { index: 1, id: "b", function: { name: "g", arguments: "[" } },
        { index: 0, function: { arguments: '{"x"' } },
        { index: 1, function: { arguments: "]" } },
        { index: 0, function: { arguments: ":1}" } },
      ),
    ).toStrictEqual([call("a", "f", '{"x":1}'), call("b", "g", "[]")]);
  });

  test("without an index they go to the latest call", () => {
    expect(
      calls(
        { id: "a", function: { name: "f", arguments: "1" } },
        { function: { arguments: "2" } },
        { index: 1, id: "b", function: { name: "g" } },
        { function: { arguments: "3" } },
      ),
    ).toStrictEqual([call("a", "f", "12"), call("b", "g", "3")]);
  });

  test("another id together with a name starts another call on the same index", () => {
    expect(
      calls(
        { index: 0, id: "a", function: { name: "f", arguments: "1" } },
        { index: 0, id: "b", function: { name: "f", arguments: "2" } },
        { index: 0, function: { arguments: "3" } },
      ),
    ).toStrictEqual([call("a", "f", "1"), call("b", "f", "23")]);
  });

  test("an id or a name alone, or either repeated, starts none", () => {
    const open = { index: 0, id: "a", function: { name: "f", arguments: "1" } };
    for (const piece of [
      { index: 0, id: "b", function: { arguments: "2" } },
      { index: 0, id: "a", function: { name: "f", arguments: "2" } },
      { index: 0, id: "", function: { name: "g", arguments: "2" } },
      { index: 0, id: null, function: { name: "g", arguments: "2" } },
    ])
      expect(calls(open, piece), JSON.stringify(piece)).toStrictEqual([call("a", "f", "12")]);
    expect(calls({ index: 0, function: { name: "f" } }, { index: 0, id: "a", function: { name: "f" } })).toStrictEqual([
      call("a", "f", ""),
    ]);
  });

  test("a kind of its own stays, an object becomes its text", () => {
    expect(calls({ index: 0, id: "a", type: "custom", function: { name: "f", arguments: { x: 1 } } })).toStrictEqual([
      { id: "a", type: "custom", function: { name: "f", arguments: '{"x":1}' } },
    ]);
  });

  test("what is missing is empty, and what is no call is none", () => {
    expect(
      calls(null, 7, { index: 0 }, { index: 1, id: null, function: { name: null, arguments: null } }),
    ).toStrictEqual([call("", "", ""), call("", "", "")]);
    expect(calls(null, 7)).toBeUndefined();
  });
});
