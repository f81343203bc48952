import { describe, expect, test } from "vitest";
import { answered, delta, makeId, messageOf, read } from "../../test/accumulated.js";

describe("what stands around the answer", () => {
  test("the first id, the last model and provider, the last usage", () => {
    const { accumulator } = read(
      { id: "", model: "a/one", provider: "One", usage: { prompt_tokens: 1 } },
      { id: "gen-1", model: "a/two", provider: "Two", usage: { prompt_tokens: 2 } },
      { id: "gen-2", usage: null, model: null, provider: 7 },
      { id: 9, usage: "x" },
    );
    expect(accumulator).toMatchObject({ id: "gen-1", model: "a/two", servedBy: "Two", usage: { prompt_tokens: 2 } });
    expect(read({ id: 9 }, { id: "gen-1" }).accumulator.id).toBe("gen-1");
    expect(accumulator).toMatchObject({ raw: { id: 9, usage: "x" }, delivered: false, empty: true });
  });

  test("the facts beside the answer", () => {
    const { accumulator } = read({ service_tier: "flex" }, { debug: { echo: 1 } });
    expect(accumulator.facts).toEqual({ serviceTier: "flex", debug: [{ echo: 1 }] });
  });

  test("the last finish word, raw and native, in any place", () => {
    const { accumulator } = read(
      delta({}, { finish_reason: "length", native_finish_reason: "MAX" }),
      delta({}, { finish_reason: "stop", native_finish_reason: "END" }),
      delta({}, { finish_reason: null, native_finish_reason: 7 }),
    );
    expect(accumulator).toMatchObject({ rawFinishReason: "stop", nativeFinishReason: "END", empty: false });
    expect(accumulator.finish(makeId).finishReason).toBe("stop");
    const cut = read(
      delta({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: "{" } }] }),
      delta({}, { finish_reason: "tool_calls", native_finish_reason: "max_tokens" }),
    );
    expect(cut.accumulator.finish(makeId).finishReason).toBe("length");
  });

  test("an answer that delivered something is not empty without a finish word", () => {
    expect(read(delta({ content: "a" })).accumulator.empty).toBe(false);
    expect(read(delta({ content: "" })).accumulator.empty).toBe(true);
  });
});

describe("which choice is read", () => {
  const choice = (index: unknown, content: string) => ({ index, delta: { content } });
  test.each([
    [[choice(0, "a"), choice(1, "b")], "a"],
    [[choice(1, "b"), choice(0, "a")], "a"],
    [[choice(1, "b"), null, choice(0, "a")], "a"],
    [[choice(undefined, "a"), choice(0, "b")], "a"],
    [[choice("1", "a")], "a"],
    [[choice(1, "b")], ""],
    [[], ""],
    [[null, choice(0, "a")], ""],
    [[undefined], ""],
    ["choices", ""],
    [undefined, ""],
    [[{ index: 0 }], ""],
    [[{ index: 0, delta: null }], ""],
    [[{ index: 0, delta: "a" }], ""],
  ])("%j gives %j", (choices, text) => {
    expect(read({ choices }).accumulator.text).toBe(text);
  });

  test.each([null, undefined, "text", 7])("an event that is %j is refused", (chunk) => {
    expect(() => read(chunk)).toThrow(expect.objectContaining({ code: "invalid_response" }));
    expect(() => read(chunk)).toThrow("an event of the stream is not an object");
  });
});

describe("the message that goes back", () => {
  test("holds what came and nothing that did not", () => {
    expect(messageOf(delta({ content: "Hi" }))).toStrictEqual({ role: "assistant", content: "Hi" });
    expect(messageOf({})).toStrictEqual({ role: "assistant", content: "" });
    const details = [{ type: "reasoning.encrypted", data: "D" }];
    const annotations = [{ type: "url_citation" }];
    const images = [{ type: "image_url", image_url: { url: "a" } }];
    const audio = { id: "x", data: "YWI=", transcript: "ab" };
    expect(
      messageOf(delta({ reasoning: "R", reasoning_details: details, refusal: "no", annotations, images, audio })),
    ).toStrictEqual({
      role: "assistant",
      content: "",
      reasoning: "R",
      reasoning_details: details,
      refusal: "no",
      annotations,
      images,
      audio,
    });
    expect(messageOf(delta({ reasoning_details: [] }))).toEqual({
      role: "assistant",
      content: "",
      reasoning_details: [],
    });
  });

  test("text beside tool calls stays, no text beside them is null", () => {
    const tool_calls = [{ index: 0, id: "a", function: { name: "f", arguments: "{}" } }];
    expect(messageOf(delta({ content: "Hi", tool_calls })).content).toBe("Hi");
    expect(messageOf(delta({ tool_calls })).content).toBeNull();
  });

  test("missing and repeated ids of calls are replaced in it too", () => {
    const call = { function: { name: "f", arguments: "{}" } };
    const { message, toolCalls } = read(
      delta({
        tool_calls: [
          { index: 0, id: "a", ...call },
          { index: 1, id: "a", ...call },
          { index: 2, ...call },
        ],
      }),
    ).accumulator.finish(makeId);
    expect(toolCalls.map(({ id }) => id)).toEqual(["a", "made-1", "made-2"]);
    expect(message.tool_calls?.map(({ id }) => id)).toEqual(["a", "made-1", "made-2"]);
  });
});

describe("an answer that comes whole", () => {
  const call = (id: unknown) => ({ id, type: "function", function: { name: "f", arguments: '{ "x": 1 }' } });

  test("is read like a stream, and its message goes back as it came", () => {
    const message = { role: "assistant", content: "Hi", reasoning: "R", odd: { kept: true } };
    const body = {
      id: "gen-1",
      model: "a/b",
      provider: "P",
      usage: { prompt_tokens: 1 },
      choices: [{ index: 0, message, finish_reason: "stop", native_finish_reason: "END", logprobs: { content: [] } }],
    };
    const accumulator = answered(body);
    expect(accumulator).toMatchObject({ id: "gen-1", model: "a/b", servedBy: "P", text: "Hi", reasoning: "R" });
    expect(accumulator).toMatchObject({
      rawFinishReason: "stop",
      nativeFinishReason: "END",
      logprobs: { content: [] },
    });
    expect([accumulator.raw, accumulator.usage]).toEqual([body, body.usage]);
    expect(accumulator.finish(makeId)).toEqual({ message, toolCalls: [], finishReason: "stop" });
  });

  test("the message is the caller's own copy, said by the assistant whatever role it came with", () => {
    const message = { role: "model", content: "Hi" };
    const { message: sent } = answered({ choices: [{ message }] }).finish(makeId);
    expect([sent, sent === (message as unknown)]).toEqual([{ role: "assistant", content: "Hi" }, false]);
  });

  test("of several answers the first is read, and the only one whatever its index", () => {
    const choice = (index: number, content: string) => ({ index, message: { role: "assistant", content } });
    expect(answered({ choices: [choice(1, "b"), choice(0, "a")] }).text).toBe("a");
    expect(answered({ choices: [choice(1, "b")] }).text).toBe("b");
    expect(answered({ choices: [choice(2, "c"), choice(1, "b")] }).text).toBe("c");
  });

  test("F74 calls with ids of their own are left as they came, others get theirs", () => {
    const own = [call("a"), call("b")];
    const kept = answered({ choices: [{ message: { tool_calls: own } }] }).finish(makeId);
    expect(kept.message.tool_calls).toBe(own);
    expect(kept.toolCalls.map(({ id }) => id)).toEqual(["a", "b"]);
    for (const odd of [
      [call("a"), call("a")],
      [call("a"), call(undefined)],
    ]) {
      const mended = answered({ choices: [{ message: { tool_calls: odd } }] }).finish(makeId);
      expect(mended.message.tool_calls?.map(({ id }) => id)).toEqual(["a", "made-1"]);
    }
    const holes = answered({ choices: [{ message: { tool_calls: [null, call("a")] } }] }).finish(makeId);
    expect([holes.toolCalls, holes.message.tool_calls].map((calls) => calls?.map(({ id }) => id))).toEqual([
      ["a"],
      ["a"],
    ]);
    expect(
      answered({ choices: [{ message: { tool_calls: [call("a"), null] } }] }).finish(makeId).toolCalls,
    ).toHaveLength(1);
    const empty = answered({ choices: [{ message: { content: "Hi", tool_calls: [] } }] }).finish(makeId);
    expect(empty.message).toEqual({ role: "assistant", content: "Hi", tool_calls: [] });
  });

  test.each([
    [{}],
    [{ choices: [] }],
    [{ choices: "x" }],
    [{ choices: [null] }],
    [{ choices: [{ index: 0, message: null }] }],
    [{ choices: [{ index: 0 }] }],
  ])("%j has no message of its own and is empty", (body) => {
    const accumulator = answered(body);
    expect([accumulator.empty, accumulator.raw]).toEqual([true, body]);
    expect(accumulator.finish(makeId)).toEqual({
      message: { role: "assistant", content: "" },
      toolCalls: [],
      finishReason: "unknown",
    });
  });
});
