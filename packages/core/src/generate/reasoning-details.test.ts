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

test("an empty list is kept as an empty list, no list as none", () => {
  const details = new ReasoningDetails();
  expect(details.list).toBeUndefined();
  details.add([]);
  expect(details.list).toEqual([]);
});

test("texts and summaries are readable, signatures and data are not", () => {
  expect(reasoningText([{ text: "a" }, { summary: "b" }, { data: "c" }, null, { signature: "d" }])).toBe("ab");
});
