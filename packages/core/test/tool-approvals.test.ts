import { expect, test } from "vitest";
import { z } from "zod";
import { type Message, tool } from "../src/index.js";
import { scriptedClient } from "./scripted-client.js";

test("an unapproved call waits; approvals run it or refuse it", async () => {
  const removed: string[] = [];
  const remove = tool({
    name: "remove",
    parameters: z.object({ file: z.string() }),
    needsApproval: ({ file }) => file.startsWith("/"),
    execute: ({ file }) => void removed.push(file),
  });
  const { llm, provider } = scriptedClient([
    {
      toolCalls: [
        { name: "remove", arguments: { file: "/a" }, id: "c1" },
        { name: "remove", arguments: { file: "/b" }, id: "c2" },
      ],
    },
    "done",
  ]);
  const history: Message[] = [{ role: "user", content: "clean up" }];
  const first = await llm.generate({ messages: history, tools: [remove] });
  expect([removed, first.toolCalls.map((waiting) => waiting.needsApproval)]).toEqual([[], [true, true]]);
  const saved = JSON.parse(JSON.stringify(first.newMessages)) as Message[];
  const second = await llm.generate({
    messages: [...history, ...saved],
    tools: [remove],
    approvals: { c1: true, c2: "keep it" },
  });
  expect([removed, second.text]).toEqual([["/a"], "done"]);
  expect(provider.requests[1]?.messages.slice(-2).map((message) => (message as { content: string }).content)).toEqual([
    "null",
    '{"error":"refused: keep it"}',
  ]);
});

/** A tool that waits for approval, and the files it was let at. */
function remover() {
  const removed: string[] = [];
  const remove = tool({
    name: "remove",
    parameters: z.object({ file: z.string() }),
    needsApproval: true,
    execute: ({ file }) => void removed.push(file),
  });
  return { remove, removed };
}
const removal = (file: string) => ({ toolCalls: [{ name: "remove", arguments: { file }, id: "call_0" }] });

test.each([false, null, 0, 1, "", "true", { approved: true }])(
  "S18 an approval that is %j, as JSON from a browser may be, runs nothing and is told as a refusal",
  async (answer) => {
    const { remove, removed } = remover();
    const { llm, provider } = scriptedClient([removal("/a"), "I left it."]);
    const first = await llm.generate({ prompt: "clean up", tools: [remove] });
    const second = await llm.generate({
      messages: [{ role: "user", content: "clean up" }, ...first.newMessages],
      tools: [remove],
      approvals: { call_0: answer } as never,
    });
    const told = provider.requests[1]?.messages.at(-1) as { content: string };
    expect([removed, second.text, told.content.startsWith('{"error":"refused')]).toEqual([[], "I left it.", true]);
  },
);

test("S18 what every object inherits approves nothing", async () => {
  const { remove, removed } = remover();
  const { llm } = scriptedClient([{ toolCalls: [{ name: "remove", arguments: { file: "/a" }, id: "toString" }] }]);
  const first = await llm.generate({ prompt: "clean up", tools: [remove] });
  const second = await llm.generate({
    messages: [{ role: "user", content: "clean up" }, ...first.newMessages],
    tools: [remove],
    approvals: {},
  });
  expect([removed, second.toolCalls.map(({ needsApproval }) => needsApproval)]).toEqual([[], [true]]);
});

test("S18 an approval is for the call that waited, not for a later one with the same id", async () => {
  const { remove, removed } = remover();
  const { llm } = scriptedClient([removal("/tmp/a"), removal("/home"), "never"]);
  const first = await llm.generate({ prompt: "clean up", tools: [remove] });
  const second = await llm.generate({
    messages: [{ role: "user", content: "clean up" }, ...first.newMessages],
    tools: [remove],
    approvals: { call_0: true },
  });
  expect([removed, second.finishReason, second.toolCalls.map((call) => [call.arguments, call.needsApproval])]).toEqual([
    ["/tmp/a"],
    "tool_calls",
    [[{ file: "/home" }, true]],
  ]);
});

test("S18 a `needsApproval` that is no boolean never lets a call through", async () => {
  const { remove, removed } = remover();
  const { llm } = scriptedClient([removal("/a")]);
  const strange = { ...remove, needsApproval: "yes" as never };
  const { toolCalls } = await llm.generate({ prompt: "clean up", tools: [strange] });
  expect([removed, toolCalls.map(({ needsApproval }) => needsApproval)]).toEqual([[], [true]]);
});
