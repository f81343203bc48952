import { expect, test } from "vitest";
import type { ChatChunk } from "../messages/chat-body.js";
import { chunkParts } from "./chunk-places.js";

const parts = (chunk: unknown) => chunkParts(chunk as ChatChunk);
const of = (delta: unknown, choice: object = {}, chunk: object = {}) =>
  parts({ ...chunk, choices: [{ ...choice, delta }] });

test("the objects that pieces of an answer stand in", () => {
  const detail = { type: "reasoning.text", text: "a" };
  const called = { arguments: "{" };
  const call = { index: 0, function: called };
  const delta = { content: "a", reasoning_details: [detail], tool_calls: [call] };
  const choice = { index: 0, delta, finish_reason: null };
  const chunk = { id: "x", usage: null, choices: [choice] };
  expect(parts(chunk)).toEqual({ chunk, choice, delta, detail, call, function: called });
  expect(of({ content: "a" })).toMatchObject({ detail: undefined, call: undefined, function: undefined });
});

test("empty lists and null hold nothing that a copy would share", () => {
  for (const none of [undefined, null, []]) {
    expect(of({ reasoning_details: none, tool_calls: none })).toMatchObject({ detail: undefined, call: undefined });
  }
});

test.each([
  ["no choices", {}],
  ["no list of choices", { choices: { length: 1, 0: { delta: {} } } }],
  ["no choice", { choices: [] }],
  ["two choices", { choices: [{ delta: {} }, { delta: {} }] }],
  ["a choice that is none", { choices: [null] }],
  ["a choice that is a list", { choices: [[]] }],
  ["no delta", { choices: [{}] }],
  ["a delta that is none", { choices: [{ delta: null }] }],
  ["a delta that is a text", { choices: [{ delta: "a" }] }],
  ["a delta that is a list", { choices: [{ delta: [] }] }],
  ["a finish word", { choices: [{ delta: {}, finish_reason: "stop" }] }],
  ["usage", { usage: {}, choices: [{ delta: {} }] }],
  ["an object beside the delta", { choices: [{ delta: {}, logprobs: { content: [] } }] }],
  ["an object in the delta", { choices: [{ delta: { audio: {} } }] }],
  ["a list in the delta", { choices: [{ delta: { images: [] } }] }],
  ["two details", { choices: [{ delta: { reasoning_details: [{}, {}] } }] }],
  ["a detail that is none", { choices: [{ delta: { reasoning_details: [null] } }] }],
  ["details that are no list", { choices: [{ delta: { reasoning_details: {} } }] }],
  ["an object in a detail", { choices: [{ delta: { reasoning_details: [{ more: {} }] } }] }],
  ["two calls", { choices: [{ delta: { tool_calls: [{ function: {} }, { function: {} }] } }] }],
  ["calls that are no list", { choices: [{ delta: { tool_calls: { length: 0 } } }] }],
  ["a call that calls nothing", { choices: [{ delta: { tool_calls: [{ index: 0 }] } }] }],
  ["a call of null", { choices: [{ delta: { tool_calls: [{ function: null }] } }] }],
  ["an object in a call", { choices: [{ delta: { tool_calls: [{ function: {}, more: {} }] } }] }],
  ["an object in a function", { choices: [{ delta: { tool_calls: [{ function: { arguments: {} } }] } }] }],
])("a chunk with %s is not taken apart", (_, chunk) => {
  expect(parts(chunk)).toBeUndefined();
});

test("texts in place of lists are plain values", () => {
  expect(of({ reasoning_details: "a", tool_calls: 7 })).toMatchObject({ detail: undefined, call: undefined });
  expect(of({ content: "a" }, { index: 0, logprobs: null }, { id: "x", usage: null })).toBeDefined();
});
