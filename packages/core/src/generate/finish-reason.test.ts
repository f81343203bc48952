import { expect, test } from "vitest";
import { unifyFinishReason } from "./finish-reason.js";

const whole = { id: "a", name: "f", rawArguments: "{}", arguments: {} };
const cut = { id: "a", name: "f", rawArguments: '{"a', invalid: true as const };

test.each([
  ["stop", undefined, [], "stop"],
  ["length", "MAX_TOKENS", [], "length"],
  [undefined, undefined, [], "unknown"],
  ["something_new", undefined, [], "unknown"],
  ["stop", "STOP", [whole], "tool_calls"],
  [undefined, undefined, [whole], "tool_calls"],
  ["tool_calls", "max_output_tokens", [cut], "length"],
  ["length", undefined, [cut], "length"],
  ["tool_calls", "tool_calls", [cut], "tool_calls"],
  ["tool_calls", "max_tokens", [whole, cut], "length"],
  ["MAX_TOKENS", undefined, [cut], "length"],
  ["tool_calls", "length", [cut], "length"],
  ["tool_calls", "max_tokens", [whole], "tool_calls"],
  ["something_new", undefined, [whole], "tool_calls"],
  ["content_filter", undefined, [whole], "content_filter"],
  ["content_filter", undefined, [], "content_filter"],
  ["function_call", undefined, [], "tool_calls"],
  ["TOOL_CALLS", undefined, [], "tool_calls"],
  ["Stop", undefined, [], "stop"],
  ["error", undefined, [whole], "error"],
  ["", undefined, [], "unknown"],
  ["constructor", undefined, [], "unknown"],
  ["__proto__", undefined, [], "unknown"],
] as const)("R6 %s / %s with calls %j is %s", (raw, native, calls, word) => {
  expect(unifyFinishReason(raw, native, calls)).toBe(word);
});
