import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChatChunk } from "../messages/chat-body.js";
import type { RepeatedChunk } from "../sse/chunk-sink.js";
import { EventDecoder } from "../sse/event-decoder.js";
import { Accumulator } from "./accumulator.js";
import type { StreamEvent } from "./stream-event.js";

/** A chunk that is told again and again with other texts, and counts how often somebody wanted the whole of it. */
function repeatedChunk(fields: object) {
  const delta: { content?: string } = {};
  let copies = 0;
  const chunk: RepeatedChunk = {
    delta,
    copy() {
      copies += 1;
      return { ...fields, choices: [{ index: 0, delta: { ...delta } }] };
    },
  };
  const say = (content: string) => {
    delta.content = content;
    return chunk;
  };
  return { say, copies: () => copies };
}
const whole = (fields: object, content: string): ChatChunk => ({
  ...fields,
  choices: [{ index: 0, delta: { content } }],
});

test("of a chunk that is told again only the delta is read", () => {
  const accumulator = new Accumulator(1);
  const events: StreamEvent[] = [];
  const { say, copies } = repeatedChunk({ id: "x", model: "a/b", provider: "P" });
  for (const text of ["a", "b", "c"]) accumulator.addRepeated(say(text), events);
  expect(events).toEqual(["a", "b", "c"].map((text) => ({ type: "text-delta", step: 1, text })));
  expect(accumulator).toMatchObject({ text: "abc", id: "x", model: "a/b", servedBy: "P" });
  expect(copies()).toBe(1);
});

test("the whole of it is the last chunk, as long as nothing else came", () => {
  const accumulator = new Accumulator(1);
  const fields = { id: "x", model: "a/b" };
  const { say } = repeatedChunk(fields);
  accumulator.addRepeated(say("a"), []);
  accumulator.addRepeated(say("b"), []);
  expect(accumulator.raw).toEqual(whole(fields, "b"));
  accumulator.add(whole({ id: "y" }, "c"), []);
  expect(accumulator.raw).toEqual(whole({ id: "y" }, "c"));
});

test("after another chunk all of it is read again", () => {
  const accumulator = new Accumulator(1);
  const [first, second] = ["a/first", "a/second"].map((model) => repeatedChunk({ model }));
  const models = [first, first, second, first, undefined, first].map((chunk) => {
    if (chunk === undefined) accumulator.add(whole({ model: "a/other" }, "x"), []);
    else accumulator.addRepeated(chunk.say("x"), []);
    return accumulator.model;
  });
  expect(models).toEqual(["a/first", "a/first", "a/second", "a/first", "a/other", "a/first"]);
  expect(accumulator.text).toBe("xxxxxx");
});

test("what a stream gives is what its chunks give one by one", () => {
  const text = fc.string({ maxLength: 20 });
  const delta = fc.oneof(
    text.map((content) => ({ content })),
    text.map((thought) => ({
      reasoning: thought,
      reasoning_details: [{ type: "reasoning.text", index: 0, text: thought }],
    })),
    text.map((piece) => ({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: piece } }] })),
  );
  const chunk = fc.record({
    id: fc.constantFrom("x", "y"),
    model: fc.constantFrom("a/b", "a/c"),
    choices: fc.tuple(
      fc.record({ index: fc.constantFrom(0, 0, 0, 1), delta, finish_reason: fc.constantFrom(null, null, "stop") }),
    ),
  });
  const outcome = (accumulator: Accumulator, events: StreamEvent[]) => {
    const { id, model, raw, reasoning, characters, delivered } = accumulator;
    return { events, id, model, raw, reasoning, characters, delivered, answer: accumulator.finish(String) };
  };
  fc.assert(
    fc.property(fc.array(fc.tuple(chunk, fc.nat(4)), { maxLength: 12 }), (runs) => {
      const chunks = runs.flatMap(([one, times]) => Array.from({ length: times + 1 }, () => one));
      const [streamed, single] = [new Accumulator(1), new Accumulator(1)];
      const [told, expected]: [StreamEvent[], StreamEvent[]] = [[], []];
      for (const one of chunks) single.add(structuredClone(one), expected);
      new EventDecoder(1_000_000).read(
        [Buffer.from(chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(""))],
        {
          chunk: (one) => streamed.add(one, told),
          repeated: (one) => streamed.addRepeated(one, told),
        },
      );
      expect(outcome(streamed, told)).toEqual(outcome(single, expected));
    }),
  );
});
