import fc from "fast-check";
import { expect, test } from "vitest";
import { AudioPieces } from "./audio-pieces.js";

const base64 = (text: string) => Buffer.from(text).toString("base64");

test("no sound is none", () => {
  const pieces = new AudioPieces();
  expect([pieces.whole(), pieces.wire()]).toEqual([undefined, undefined]);
});

test("the bytes of the pieces are joined, each with its own padding", () => {
  const pieces = new AudioPieces();
  const parts = ["a", "bc", "def", "g"];
  expect(parts.map((part) => pieces.add({ data: base64(part) }))).toEqual(
    parts.map((part) => ({ data: base64(part) })),
  );
  expect(pieces.whole()).toStrictEqual({ data: base64("abcdefg"), format: "unknown" });
});

test("one base64 text cut anywhere is the same sound", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.array(fc.nat(60)), (bytes, cuts) => {
      const text = Buffer.from(bytes).toString("base64");
      const pieces = new AudioPieces();
      const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
      for (const [index, from] of places.entries()) pieces.add({ data: text.slice(from, places[index + 1]) });
      expect(pieces.whole()?.data).toBe(text);
    }),
  );
});

test("without padding at its end the sound is whole too", () => {
  const pieces = new AudioPieces();
  pieces.add({ data: base64("abcd").replace(/=+$/, "") });
  expect(pieces.whole()?.data).toBe(base64("abcd"));
});

test("transcripts grow; a piece tells only what was new in it", () => {
  const pieces = new AudioPieces();
  const told = [
    pieces.add({ id: "x", transcript: "Hel" }),
    pieces.add({ transcript: "lo", data: "" }),
    pieces.add({ transcript: "", data: null, format: "pcm16" }),
    pieces.add({ transcript: 7, data: 7 }),
  ];
  expect(told).toStrictEqual([{ transcript: "Hel" }, { transcript: "lo" }, {}, {}]);
  expect(pieces.whole()).toStrictEqual({ data: "", transcript: "Hello", format: "pcm16" });
});

test("back on the wire goes the whole, with the fields that any piece had, the later ones first", () => {
  const pieces = new AudioPieces();
  pieces.add({ id: "x", data: base64("a"), expires_at: 1 });
  pieces.add({ data: base64("b"), expires_at: 2, format: 7 });
  expect(pieces.wire()).toEqual({ id: "x", data: base64("ab"), expires_at: 2, format: 7, transcript: "" });
  expect(pieces.whole()?.format).toBe("unknown");
});
