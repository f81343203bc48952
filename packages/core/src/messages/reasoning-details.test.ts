import { expect, test } from "vitest";
import { ReasoningDetails, reasoningText } from "./reasoning-details.js";

test("F83 pieces of one kind and index are joined and the last signature wins", () => {
  const details = new ReasoningDetails();
  details.add([{ type: "reasoning.text", index: 0, text: "We ", format: "f" }]);
  details.add([{ type: "reasoning.text", index: 0, text: "think", signature: null }]);
  details.add([{ type: "reasoning.text", index: 0, signature: "sig" }]);
  expect(details.list).toEqual([{ type: "reasoning.text", index: 0, text: "We think", format: "f", signature: "sig" }]);
});

test("kinds that share an index stay apart, and unknown kinds are kept", () => {
  const details = new ReasoningDetails();
  details.add([{ type: "reasoning.summary", index: 0, summary: "S" }]);
  details.add([{ type: "reasoning.encrypted", index: 0, data: "D" }]);
  details.add([{ type: "reasoning.future", index: 1, thing: { a: 1 } }]);
  expect(details.list).toEqual([
    { type: "reasoning.summary", index: 0, summary: "S" },
    { type: "reasoning.encrypted", index: 0, data: "D" },
    { type: "reasoning.future", index: 1, thing: { a: 1 } },
  ]);
});

const joined = (...pieces: unknown[]) => {
  const details = new ReasoningDetails();
  for (const piece of pieces) details.add([piece]);
  return details.list;
};

test("F83 texts, summaries and data are concatenated, anything else is replaced by the later value", () => {
  for (const key of ["text", "summary", "data"]) {
    expect(joined({ type: "t", [key]: "a" }, { type: "t", [key]: "b" })).toEqual([{ type: "t", [key]: "ab" }]);
    expect(joined({ type: "t", [key]: null }, { type: "t", [key]: "b" })).toEqual([{ type: "t", [key]: "b" }]);
    expect(joined({ type: "t", [key]: "a" }, { type: "t", [key]: 7 })).toEqual([{ type: "t", [key]: 7 }]);
  }
  expect(joined({ type: "t", format: "f" }, { type: "t", format: "g" })).toEqual([{ type: "t", format: "g" }]);
});

test("null never replaces what is there, and stands where nothing is", () => {
  expect(joined({ type: "t", signature: "s" }, { type: "t", signature: null })).toEqual([
    { type: "t", signature: "s" },
  ]);
  expect(joined({ type: "t", text: "a" }, { type: "t", signature: null })).toEqual([
    { type: "t", text: "a", signature: null },
  ]);
});

test("another index or another id starts anew; an id that comes late or is left out does not", () => {
  const at = (index: number, id?: string | null) => ({ type: "t", index, id, text: "a" });
  expect(joined(at(0), at(1), at(0))).toEqual([
    { type: "t", index: 0, text: "aa" },
    { type: "t", index: 1, text: "a" },
  ]);
  expect(joined(at(0, "x"), at(0, "y"), at(0, "y"))).toEqual([
    { type: "t", index: 0, id: "x", text: "a" },
    { type: "t", index: 0, id: "y", text: "aa" },
  ]);
  expect(joined(at(0, null), at(0, "x"), at(0, null), at(0))).toMatchObject([{ id: "x", text: "aaaa" }]);
});

test("what is no object is left out, and what was handed over is left as it was", () => {
  const first = { type: "t", text: "a" };
  expect(joined(null, "text", 7, undefined, first, { type: "t", text: "b" })).toEqual([{ type: "t", text: "ab" }]);
  expect(first.text).toBe("a");
});

test("an empty list is kept as an empty list, no list as none", () => {
  const details = new ReasoningDetails();
  expect(details.list).toBeUndefined();
  details.add([]);
  expect(details.list).toEqual([]);
});

test("texts and summaries are readable, signatures and data are not", () => {
  expect(
    reasoningText([{ text: "a" }, { summary: "b" }, { data: "c" }, null, undefined, "x", { signature: "d", text: 1 }]),
  ).toBe("ab");
});
