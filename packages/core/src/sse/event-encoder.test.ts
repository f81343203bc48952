import fc from "fast-check";
import { expect, test } from "vitest";
import { anyCharacter } from "../../test/any-character.js";
import type { ChatChunk } from "../messages/chat-body.js";
import { EventDecoder } from "./event-decoder.js";
import { encodeComment, encodeEvent } from "./event-encoder.js";

test("writes the fields that are there, and a blank line", () => {
  expect(encodeEvent({ data: "hello" })).toBe("data: hello\n\n");
  expect(encodeEvent({ event: "error", id: "7", data: "x" })).toBe("event: error\nid: 7\ndata: x\n\n");
  expect(encodeEvent({ data: "" })).toBe("data: \n\n");
  expect([encodeEvent({ event: "ping" }), encodeEvent({ id: "7" }), encodeEvent({})]).toEqual([
    "event: ping\n\n",
    "id: 7\n\n",
    "\n",
  ]);
});

test("data of several lines becomes several data lines, whatever ends them", () => {
  expect(encodeEvent({ data: "a\nb\r\nc\rd\n" })).toBe("data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
});

test("event and id cannot start a field of their own", () => {
  expect(encodeEvent({ event: "a\ndata: evil", id: "1\r\nevent: x\0", data: "y" })).toBe(
    "event: a data: evil\nid: 1 event: x\ndata: y\n\n",
  );
});

test("a comment of several lines is a comment in each", () => {
  expect([encodeComment("ping"), encodeComment("a\ndata: evil")]).toEqual([": ping\n\n", ": a\n: data: evil\n\n"]);
  expect(encodeComment("a\r\nb\rc\n\n")).toBe(": a\n: b\n: c\n: \n: \n\n");
});

test("what is written is read again", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: fc.string({ unit: anyCharacter, maxLength: 20 }) })),
      fc.boolean(),
      (values, pretty) => {
        const text = values
          .map((value) => encodeEvent({ data: JSON.stringify(value, null, pretty ? 2 : 0) }) + encodeComment("ping"))
          .join("");
        const chunks: ChatChunk[] = new EventDecoder(1_000_000).decode([Buffer.from(text)]);
        expect(chunks).toEqual(values);
      },
    ),
  );
});
