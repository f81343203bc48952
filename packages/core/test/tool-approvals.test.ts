import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Message, tool, toolMessage } from "../src/index.js";
import { rejection } from "./rejection.js";
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

describe("S18 the last step that is allowed", () => {
  const asking = (...names: string[]) => ({
    toolCalls: names.map((name, place) => ({
      name,
      arguments: name === "remove" ? { file: "/a" } : {},
      id: `c${place}`,
    })),
  });
  const withTools = () => {
    const { remove, removed } = remover();
    const list = tool({ name: "list", parameters: z.object({}), execute: () => void removed.push("list") });
    const ask = tool({ name: "ask", parameters: z.object({}) });
    return { tools: [remove, list, ask], removed };
  };
  const waits = { id: "c0", name: "remove", needsApproval: true };

  test.each<[string, string[], string[], object[]]>([
    ["calls that wait for approval", ["remove"], [], [waits]],
    ["one beside a call that runs", ["remove", "list"], ["list"], [waits]],
    ["a call that nobody executes beside one that runs", ["ask", "list"], ["list"], [{ id: "c0", name: "ask" }]],
  ])("hands out %s: nothing is asked of the model after it", async (_what, names, ran, open) => {
    const { tools, removed } = withTools();
    const { llm } = scriptedClient([asking(...names), "never"]);
    const result = await llm.generate({ prompt: "clean up", tools, maxSteps: 1 });
    expect([result.finishReason, removed]).toEqual(["tool_calls", ran]);
    expect(result.toolCalls).toMatchObject(open);
    expect(result.toolCalls).toHaveLength(open.length);
  });

  test("throws where the answers would have to be asked about: then nothing runs", async () => {
    const { tools, removed } = withTools();
    const [remove, list] = tools as [(typeof tools)[0], (typeof tools)[1]];
    const asked: unknown[] = [];
    const harmless = { ...remove, needsApproval: (args: unknown) => asked.push(args) === 0 };
    const { llm } = scriptedClient([asking("remove", "list"), "never"]);
    const error = await rejection(llm.generate({ prompt: "clean up", tools: [harmless, list], maxSteps: 1 }));
    expect([error.code, error.partial?.toolCalls?.length, removed, asked]).toEqual([
      "max_steps",
      2,
      [],
      [{ file: "/a" }],
    ]);
  });
});

describe("S18 waiting calls with the same id, as other libraries may keep them", () => {
  const twins: Message[] = [
    { role: "user", content: "clean up" },
    {
      role: "assistant",
      content: null,
      tool_calls: ["/a", "/b"].map((file) => ({
        id: "c1",
        type: "function" as const,
        function: { name: "remove", arguments: JSON.stringify({ file }) },
      })),
    },
  ];
  const remove = tool({
    name: "remove",
    parameters: z.object({ file: z.string() }),
    needsApproval: true,
    execute: ({ file }) => `removed ${file}`,
  });

  test("each gets its own answer", async () => {
    const { llm } = scriptedClient(["done"]);
    const { newMessages } = await llm.generate({ messages: twins, tools: [remove], approvals: { c1: true } });
    expect(newMessages.slice(0, 2)).toEqual([
      { role: "tool", tool_call_id: "c1", content: "removed /a" },
      { role: "tool", tool_call_id: "c1", content: "removed /b" },
    ]);
  });

  test("one answer stands for the first of them only", async () => {
    const { llm } = scriptedClient(["done"]);
    const messages = [...twins, toolMessage("c1", "removed /a")];
    const { newMessages } = await llm.generate({ messages, tools: [remove], approvals: { c1: true } });
    expect(newMessages.slice(0, -1)).toEqual([{ role: "tool", tool_call_id: "c1", content: "removed /b" }]);
  });
});
