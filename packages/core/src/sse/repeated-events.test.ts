import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCharacter } from "../../test/any-character.js";
import type { ChatChunk } from "../messages/chat-body.js";
import { EventDecoder } from "./event-decoder.js";

// Events that differ in their texts only take a shorter road; what they give is what a parse of each gives.
const chunkOf = (content: string, id = "x") => ({ id, choices: [{ index: 0, delta: { content } }] });
const line = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const FIRST = line(chunkOf("a"));

function decode(...reads: string[]) {
  const decoder = new EventDecoder(1_000_000);
  // Of the very first events of a stream nothing is kept.
  decoder.decode([Buffer.from(line({}) + line({}))]);
  const chunks: ChatChunk[] = reads.flatMap((read) => decoder.decode([Buffer.from(read)]));
  return { chunks: [...chunks, ...decoder.end()], done: decoder.done, failure: decoder.failure?.detail };
}

describe("events like one before", () => {
  test("stand between any other lines", () => {
    const other = line({ id: "other" });
    expect(
      decode(`${FIRST}${line(chunkOf("b"))}: hi\n\n${line(chunkOf("c"))}${other}${line(chunkOf("d"))}`).chunks,
    ).toEqual([...["a", "b", "c"].map((content) => chunkOf(content)), { id: "other" }, chunkOf("d")]);
    expect(decode(`${FIRST}${line(chunkOf("b"))}data: [DONE]\n\n${line(chunkOf("c"))}`)).toMatchObject({
      chunks: [chunkOf("a"), chunkOf("b")],
      done: true,
    });
  });

  test("may be cut anywhere", () => {
    const text = FIRST + line(chunkOf("b")) + line(chunkOf('"c"')) + line(chunkOf("d"));
    const expected = decode(text);
    expect(expected.chunks).toHaveLength(4);
    for (let cut = 1; cut < text.length; cut += 1) {
      expect(decode(text.slice(0, cut), text.slice(cut))).toEqual(expected);
    }
  });

  test("are part of an event of several lines, where they stand in one", () => {
    const [open, close] = ['{"id":"y","more":', "}"];
    const text = `${FIRST}data: ${open}\n${line(chunkOf("b")).trimEnd()}\ndata: ${close}\n\n`;
    expect(decode(text).chunks).toEqual([chunkOf("a"), { id: "y", more: chunkOf("b") }]);
    expect(decode(`${FIRST}data: {\n${line(chunkOf("b"))}`).failure).toBe(
      "an event of the stream is not a JSON object",
    );
  });

  test("are errors where their event says so", () => {
    expect(decode(`${FIRST}event: error\n${line(chunkOf("b"))}${line(chunkOf("c"))}`).chunks).toEqual([
      chunkOf("a"),
      { error: chunkOf("b") },
      chunkOf("c"),
    ]);
    expect(decode(`event: error\n${FIRST}${line(chunkOf("c"))}`).chunks).toEqual([
      { error: chunkOf("a") },
      chunkOf("c"),
    ]);
  });

  test("an event of several lines makes no other one readable", () => {
    const [before, after] = ['{"id":"x",', '"choices":[{"delta":{"content":"a"}}]}'];
    expect(decode(`data: ${before}\ndata: ${after}\n\ndata: ${before}\n${after}\n\n`)).toEqual({
      chunks: [JSON.parse(before + after)],
      done: false,
      failure: "an event of the stream is not a JSON object",
    });
  });

  test("what is broken is a failure, however like it is to what came before", () => {
    for (const broken of [
      FIRST.replace('"a"', '"\u0001"'),
      FIRST.replace('"a"', '"\\x"'),
      FIRST.replace('"a"', "a"),
      FIRST.replace("}]}", "}]"),
      FIRST.replace("}]}", "}]}x"),
    ]) {
      expect(decode(FIRST + broken), broken).toMatchObject({ chunks: [chunkOf("a")], failure: expect.any(String) });
    }
  });
});

test("any stream of chunks is the parse of its events", () => {
  const text = fc.oneof(
    fc.constantFrom("", "a", '"', "\\", "\n", "\u2028", "x".repeat(20)),
    fc.string({ unit: anyCharacter, maxLength: 20 }),
  );
  const delta = fc.oneof(
    fc.record({ content: text }),
    fc.record({ content: text, reasoning: text, reasoning_details: fc.tuple(fc.record({ type: text, text })) }),
    fc.record({ tool_calls: fc.tuple(fc.record({ index: fc.nat(2), function: fc.record({ arguments: text }) })) }),
    fc.record({ role: text, content: fc.constant(null) }),
  );
  const chunk = fc.record({
    id: fc.constantFrom("x", "y"),
    content: fc.constantFrom(undefined, "outside"),
    choices: fc.tuple(fc.record({ index: fc.constant(0), delta, finish_reason: fc.constantFrom(null, "stop") })),
  });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 30, size: "max" }), (chunks) => {
      const events = chunks.map((value) => JSON.stringify(value));
      const { chunks: read, failure } = decode(events.map((event) => `data: ${event}\n\n`).join(""));
      expect([read, failure]).toStrictEqual([events.map((event) => JSON.parse(event)), undefined]);
    }),
    { numRuns: 300 },
  );
});
