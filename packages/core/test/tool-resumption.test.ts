import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Message, tool, toolMessage } from "../src/index.js";
import { refused } from "./deck-client.js";
import { scriptedClient } from "./scripted-client.js";
import { json, upstream } from "./upstream.js";

const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));
const run = promisify(execFile);

const history: Message[] = [{ role: "user", content: "clean up" }];
const removal = (id: string, file: string) => ({ name: "remove", arguments: { file }, id });

/** A tool that waits for approval, one that does not, one that nobody executes, and what ran. */
function tools() {
  const ran: string[] = [];
  const made = [
    tool({
      name: "remove",
      parameters: z.object({ file: z.string() }),
      needsApproval: true,
      execute: ({ file }) => void ran.push(`remove ${file}`),
    }),
    tool({ name: "list", parameters: z.object({}), execute: () => void ran.push("list") }),
    tool({ name: "ask", parameters: z.object({}) }),
  ];
  return { tools: made, ran };
}
const calls = {
  toolCalls: [
    { name: "list", arguments: {}, id: "c0" },
    removal("c1", "/a"),
    removal("c2", "/b"),
    { name: "ask", arguments: {}, id: "c3" },
  ],
};

test("S18 messages and waiting calls survive JSON, and another client goes on where the first one stopped", async () => {
  const before = tools();
  const first = await scriptedClient([calls]).llm.generate({ messages: history, tools: before.tools });
  const saved = JSON.parse(
    JSON.stringify({ messages: [...history, ...first.newMessages], waiting: first.toolCalls }),
  ) as { messages: Message[]; waiting: typeof first.toolCalls };
  expect(before.ran).toEqual(["list"]);
  expect(saved.waiting).toEqual([
    { id: "c1", name: "remove", rawArguments: '{"file":"/a"}', arguments: { file: "/a" }, needsApproval: true },
    { id: "c2", name: "remove", rawArguments: '{"file":"/b"}', arguments: { file: "/b" }, needsApproval: true },
    { id: "c3", name: "ask", rawArguments: "{}", arguments: {} },
  ]);

  const after = tools();
  const { llm, provider } = scriptedClient(["done"]);
  const second = await llm.generate({
    messages: [...saved.messages, toolMessage("c3", "the old ones")],
    tools: after.tools,
    approvals: { c1: true, c2: "still needed" },
  });
  expect([after.ran, second.text, second.newMessages.map(({ role }) => role)]).toEqual([
    ["remove /a"],
    "done",
    ["tool", "tool", "assistant"],
  ]);
  expect(provider.requests[0]?.messages.slice(2)).toEqual([
    { role: "tool", tool_call_id: "c0", content: "null" },
    { role: "tool", tool_call_id: "c3", content: "the old ones" },
    { role: "tool", tool_call_id: "c1", content: "null" },
    { role: "tool", tool_call_id: "c2", content: '{"error":"refused: still needed"}' },
  ]);
});

test("S18 approvals may come one by one: what still waits is told, and nothing is asked of the model meanwhile", async () => {
  const { tools: made, ran } = tools();
  const first = await scriptedClient([calls]).llm.generate({ messages: history, tools: made });
  const { llm, provider } = scriptedClient(["done"]);
  const messages = [...history, ...first.newMessages, toolMessage("c3", "all")];
  const second = await llm.generate({ messages, tools: made, approvals: { c2: true } });
  expect([second.finishReason, second.toolCalls.map(({ id }) => id), provider.requests]).toEqual([
    "tool_calls",
    ["c1"],
    [],
  ]);
  const third = await llm.generate({
    messages: [...messages, ...second.newMessages],
    tools: made,
    approvals: { c1: true },
  });
  expect([third.text, ran]).toEqual(["done", ["list", "remove /b", "remove /a"]]);
});

test("S18 streamed, the resumed calls are events before the first step", async () => {
  const { tools: made } = tools();
  const first = await scriptedClient([calls]).llm.generate({ messages: history, tools: made });
  const { llm } = scriptedClient(["done"]);
  const messages = [...history, ...first.newMessages, toolMessage("c3", "all")];
  const types: string[] = [];
  for await (const event of llm.stream({ messages, tools: made, approvals: { c1: true, c2: true } }).events)
    types.push(event.type);
  expect(types.slice(0, 4)).toEqual(["tool-result", "tool-result", "start", "step-start"]);
});

test("S17 an object asked for with approvals: an approved tool runs once, however often the means change", async () => {
  const { tools: made, ran } = tools();
  const asked = { schema: z.object({ removed: z.number() }), tools: made } as const;
  const first = await scriptedClient([{ toolCalls: [removal("c1", "/a")] }]).llm.generate({
    messages: history,
    tools: made,
  });
  const { llm, provider } = scriptedClient([
    refused("response_format is not supported"),
    refused("json_schema is not supported"),
    { text: "no JSON" },
    { object: { removed: 1 } },
  ]);
  const result = await llm.generateStructured({
    ...asked,
    messages: [...history, ...first.newMessages],
    approvals: { c1: true },
  });
  expect([result.object, ran, provider.requests.length]).toEqual([{ removed: 1 }, ["remove /a"], 4]);
  expect(provider.requests[2]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
});

// The package has to be built: a process of its own cannot read the sources.
test.skipIf(!existsSync(built))("S18 another process goes on from the JSON that the first one wrote", async () => {
  const toolCall = { id: "c1", type: "function", function: { name: "remove", arguments: '{"file":"/a"}' } };
  const { baseURL, requests } = await upstream(({ body }, response) => {
    const isFirst = (body.messages as object[]).length === 1;
    const message = isFirst ? { role: "assistant", content: null, tool_calls: [toolCall] } : { content: "done" };
    json(response, 200, {
      id: "gen-1",
      choices: [{ index: 0, message, finish_reason: isFirst ? "tool_calls" : "stop" }],
    });
  });
  const script = (body: string) => `
    import { LLMClient, tool } from ${JSON.stringify(built)};
    const [baseURL, saved] = process.argv.slice(1);
    const llm = new LLMClient({ apiKey: "test-key", baseURL, env: false, model: "acme/m" });
    const ran = [];
    const remove = tool({
      name: "remove", needsApproval: true, execute: ({ file }) => { ran.push(file); },
      parameters: { type: "object", properties: { file: { type: "string" } }, required: ["file"] },
    });
    ${body}`;
  const start = async (body: string, ...args: string[]) => {
    const argv = ["--input-type=module", "--eval", script(body), "--", baseURL, ...args];
    return (await run(process.execPath, argv, { timeout: 20_000 })).stdout;
  };
  const saved = await start(`
    const messages = [{ role: "user", content: "clean up" }];
    const { newMessages, toolCalls } = await llm.generate({ messages, tools: [remove] });
    process.stdout.write(JSON.stringify({ messages: [...messages, ...newMessages], toolCalls }));`);
  const resumed = await start(
    `
    const { messages, toolCalls } = JSON.parse(saved);
    const approvals = Object.fromEntries(toolCalls.map(({ id }) => [id, true]));
    const { text } = await llm.generate({ messages, tools: [remove], approvals });
    process.stdout.write(JSON.stringify({ text, ran }));`,
    saved,
  );
  expect(JSON.parse(resumed)).toEqual({ text: "done", ran: ["/a"] });
  expect(requests[1]?.body.messages).toMatchObject([{ role: "user" }, { tool_calls: [toolCall] }, { role: "tool" }]);
});
