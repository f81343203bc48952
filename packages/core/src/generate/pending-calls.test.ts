import { expect, test } from "vitest";
import type { Message } from "../messages/message.js";
import { pendingCalls } from "./pending-calls.js";

const asked = (tool_calls: unknown): Message[] => [
  { role: "user", content: "go" },
  { role: "assistant", content: null, tool_calls } as Message,
];
const call = (id: string, args: unknown) => ({ id, type: "function", function: { name: "add", arguments: args } });

test("the calls of the last turn that have no answer", () => {
  const messages = [
    ...asked([call("c1", '{"a":1}'), call("c2", '{"a"')]),
    ...asked([call("c3", ""), call("c4", "{}")]),
  ];
  messages.push({ role: "tool", tool_call_id: "c4", content: "4" });
  expect(pendingCalls(messages)).toEqual({
    calls: [{ id: "c3", name: "add", rawArguments: "", arguments: {} }],
    message: messages[3],
  });
  expect(pendingCalls(asked([call("c2", '{"a"')]))?.calls).toEqual([
    { id: "c2", name: "add", rawArguments: '{"a"', invalid: true },
  ]);
  expect(pendingCalls([{ role: "user", content: "go" }])).toBeUndefined();
});

test.each([
  ["no list", {}, []],
  ["nothing", null, []],
  ["holes", [null, { id: "c1" }, { id: "c2", function: null }], []],
  ["arguments as an object", [call("c1", { a: 1 })], [{ arguments: { a: 1 }, rawArguments: '{"a":1}' }]],
  ["no arguments", [call("c1", undefined), call("c2", null)], [{ arguments: {} }, { arguments: {} }]],
  ["arguments that are no object", [call("c1", 7)], [{ invalid: true, rawArguments: "7" }]],
])("calls of a conversation that came from elsewhere: %s", (_what, toolCalls, expected) => {
  expect(pendingCalls(asked(toolCalls))?.calls).toMatchObject(expected);
});
