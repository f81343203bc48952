import { expect, test } from "vitest";
import { plainReply } from "./plain-reply.js";

test.each([
  ["text", "text"],
  [7, 7],
  [1.5, "1.5"],
  [7n, 7],
  [2n ** 63n, "9223372036854775808"],
  [true, 1],
  [false, 0],
  [null, null],
  [undefined, null],
  [Buffer.from("ä"), "ä"],
  [
    ["a", [1, null]],
    ["a", [1, null]],
  ],
  [new Set(["a", "b"]), ["a", "b"]],
  [new Map<unknown, unknown>([["a", [1]]]), ["a", [1]]],
  [Object.assign(Object.create(null), { a: { b: 2 } }), ["a", ["b", 2]]],
])("reply %# becomes what the older protocol would have said", (reply, plain) => {
  expect(plainReply(reply)).toEqual(plain);
});

test("the streams of XREAD are pairs, however a client decodes their map", () => {
  const pairs = [["s", [["0-1", ["k", "v"]]]]];
  expect(plainReply(pairs, "XREAD")).toEqual(pairs);
  expect(plainReply(pairs.flat(), "xread")).toEqual(pairs);
  expect(plainReply(new Map(pairs as [string, unknown][]), "XREADGROUP")).toEqual(pairs);
  expect(plainReply({ s: [["0-1", ["k", "v"]]] }, "XREAD")).toEqual(pairs);
  expect(plainReply(null, "XREAD")).toBeNull();
});
