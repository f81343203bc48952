import { describe, expect, test } from "vitest";
import { delta, makeId, read, STEP } from "../../test/accumulated.js";

describe("the pieces of an answer", () => {
  test("text grows piece by piece, each with its event", () => {
    const { accumulator, events } = read(delta({ content: "Hel" }), delta({ content: "" }), delta({ content: "lo" }));
    expect(events).toEqual([
      { type: "text-delta", step: STEP, text: "Hel" },
      { type: "text-delta", step: STEP, text: "lo" },
    ]);
    expect(accumulator).toMatchObject({ text: "Hello", reasoning: "", delivered: true, empty: false, characters: 5 });
  });

  test("content in parts is its texts", () => {
    const parts = [{ type: "text", text: "a" }, null, { type: "image" }, { text: 7 }, { text: "b" }];
    expect(read(delta({ content: parts })).accumulator.text).toBe("ab");
    for (const odd of [7, {}, { text: "a" }, true]) expect(read(delta({ content: odd })).events).toEqual([]);
  });

  test.each([
    { reasoning: "think" },
    { reasoning_content: "think" },
    { reasoning: "think", reasoning_content: "other" },
    { reasoning: "", reasoning_content: "think" },
    { reasoning_details: [{ type: "reasoning.text", text: "think" }] },
    { reasoning: "think", reasoning_details: [{ type: "reasoning.text", text: "other" }] },
  ])("thoughts are read once, whichever field has them: %j", (fields) => {
    const { accumulator, events } = read(delta(fields), delta({ reasoning: " on" }));
    expect(events).toEqual([
      { type: "reasoning-delta", step: STEP, text: "think" },
      { type: "reasoning-delta", step: STEP, text: " on" },
    ]);
    expect(accumulator).toMatchObject({ reasoning: "think on", text: "", delivered: true, characters: 8 });
  });

  test("thoughts that are no text are none", () => {
    for (const fields of [{ reasoning: 7 }, { reasoning: { text: "a" } }, { reasoning_details: [] }]) {
      expect(read(delta(fields)).accumulator).toMatchObject({ reasoning: "", delivered: false });
    }
    expect(read(delta({ reasoning_details: "x" })).accumulator.finish(makeId).message).toEqual({
      role: "assistant",
      content: "",
    });
  });

  test("a refusal grows, and none is none", () => {
    const { accumulator, events } = read(delta({ refusal: "I " }), delta({ refusal: "" }), delta({ refusal: "won't" }));
    expect(events).toEqual([
      { type: "refusal-delta", step: STEP, text: "I " },
      { type: "refusal-delta", step: STEP, text: "won't" },
    ]);
    expect([accumulator.refusal, accumulator.delivered]).toEqual(["I won't", true]);
    for (const none of [null, "", 7]) {
      expect(read(delta({ refusal: none })).accumulator).toMatchObject({ refusal: undefined, delivered: false });
    }
  });

  test("tool calls are told as they come: id and name once, arguments piece by piece", () => {
    const { accumulator, events } = read(
      delta({ tool_calls: [null, 7, { index: 0, id: "a", function: { name: "f", arguments: '{"x"' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: ":1}" } }] }),
    );
    expect(events).toStrictEqual([
      { type: "tool-call-delta", step: STEP, index: 0, id: "a", name: "f", argumentsDelta: '{"x"' },
      { type: "tool-call-delta", step: STEP, index: 0, argumentsDelta: ":1}" },
    ]);
    expect(accumulator).toMatchObject({ delivered: true, characters: 7 });
    expect(accumulator.finish(makeId)).toEqual({
      message: {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } }],
      },
      toolCalls: [{ id: "a", name: "f", rawArguments: '{"x":1}', arguments: { x: 1 } }],
      finishReason: "tool_calls",
    });
  });

  test("annotations are gathered, each with its event", () => {
    const annotation = { type: "url_citation", url_citation: { url: "https://a.example" } };
    const { accumulator, events } = read(delta({ annotations: [annotation, annotation] }));
    const event = { type: "annotation", step: STEP, annotation };
    expect(events).toEqual([event, event]);
    expect(accumulator).toMatchObject({ annotations: [annotation, annotation], delivered: true });
  });

  test("pictures are gathered, and one that is sent again with the last chunk is not doubled", () => {
    const [first, second] = ["a", "b"].map((url) => ({ type: "image_url", image_url: { url } }));
    const { accumulator, events } = read(delta({ images: [first] }), delta({ images: [first, second] }));
    expect(events).toEqual([
      { type: "image", step: STEP, image: first },
      { type: "image", step: STEP, image: second },
    ]);
    expect(accumulator).toMatchObject({ images: [first, second], delivered: true });
  });

  test("sound is told in pieces; a piece without sound and transcript is no event", () => {
    const data = Buffer.from("ab").toString("base64");
    const { accumulator, events } = read(delta({ audio: { id: "x", data } }), delta({ audio: { transcript: "ab" } }));
    expect(events).toStrictEqual([
      { type: "audio-delta", step: STEP, data },
      { type: "audio-delta", step: STEP, transcript: "ab" },
    ]);
    expect(accumulator.audio).toMatchObject({ data, transcript: "ab" });
    expect(accumulator.delivered).toBe(true);
    const silent = read(delta({ audio: { id: "x", expires_at: 1 } }));
    expect([silent.events, silent.accumulator.delivered]).toEqual([[], false]);
    for (const none of [null, "sound", undefined]) {
      expect(read(delta({ audio: none })).accumulator.audio).toBeUndefined();
    }
  });

  test("log probabilities are told as they come and joined", () => {
    const one = { content: [{ token: "a", logprob: -1 }] };
    const two = { content: [{ token: "b", logprob: -2 }] };
    const { accumulator, events } = read(delta({}, { logprobs: one }), delta({}, { logprobs: two }));
    expect(events).toEqual([
      { type: "logprobs", step: STEP, logprobs: one },
      { type: "logprobs", step: STEP, logprobs: two },
    ]);
    expect(accumulator.logprobs).toEqual({ content: [...one.content, ...two.content] });
    for (const none of [null, undefined]) {
      const { accumulator: quiet, events: told } = read(delta({}, { logprobs: none }));
      expect([quiet.logprobs, told]).toEqual([undefined, []]);
    }
  });

  test("fields of the wrong kind are passed over", () => {
    for (const field of ["tool_calls", "annotations", "images", "reasoning_details"]) {
      for (const odd of [null, "x", 7, { length: 1, 0: {} }]) {
        const { accumulator, events } = read(delta({ [field]: odd }));
        expect([events, accumulator.delivered], field).toEqual([[], false]);
      }
    }
  });
});
