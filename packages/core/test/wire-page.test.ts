import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  definePipeline,
  followChatRun,
  LLMClient,
  memoryRunStore,
  runPipeline,
  startChatRun,
  step,
} from "../src/index.js";
import type { StreamFormat } from "../src/node/index.js";
import { type ScriptedReply, scriptedProvider } from "../src/testing/index.js";
import { piped } from "./piped-answer.js";

const PAGE = readFileSync(new URL("../../../docs/wire.md", import.meta.url), "utf8");

/** Blocks of the page by the comment that stands before each: `<!-- events: whole -->`. */
const blocks = new Map(
  [...PAGE.matchAll(/<!-- ([\w-]+: \w+) -->\n+```\w*\n([\s\S]*?)\n?```/g)].map(([, name, text]) => [name, text]),
);

/** Times are not the same in any two runs. */
const timeless = (text: string) =>
  text
    .replace(/"created":\d+/g, '"created":1790000000')
    .replace(/"firstTokenMs":[\d.]+,"totalMs":[\d.]+/g, '"firstTokenMs":2,"totalMs":3')
    .replace(/"(runId|messageId)":"[^"]+"/g, '"$1":"9f…"')
    .replace(/"timestamp":"[^"]+"/g, '"timestamp":"2026-11-23T12:00:00.000Z"')
    .trimEnd();

function clientOf(reply: ScriptedReply) {
  return new LLMClient({
    provider: scriptedProvider([reply]),
    env: false,
    retry: false,
    model: "openai/gpt-4o-mini",
  });
}

async function written(source: Parameters<typeof piped>[0], format: StreamFormat) {
  const { url, outcome } = await piped(source, { format });
  let text = "";
  let type: string | null = null;
  try {
    const response = await fetch(url);
    type = response.headers.get("content-type");
    for await (const piece of response.body ?? []) text += Buffer.from(piece).toString();
  } catch {
    // How much had left before is a matter of time.
    text = "(the connection breaks)";
  }
  await outcome;
  return { text: timeless(text), type };
}

const formats: StreamFormat[] = ["events", "openai", "ui-message", "ndjson", "text"];

test.each(formats)("%s: the page shows the bytes of a whole answer and of one that fails", async (format) => {
  const whole = await written(clientOf({ reasoning: "Short.", text: "Hello, box" }).stream({ prompt: "x" }), format);
  expect(whole.text).toBe(blocks.get(`${format}: whole`));
  const reply = { text: "Hello, box", error: new Error("down") };
  const failed = await written(clientOf(reply).stream({ prompt: "x" }), format);
  expect(failed.text).toBe(blocks.get(`${format}: failed`));
  expect(PAGE).toContain(`| \`${format}\` | \`${whole.type}\` |`);
});

test("steps: the page shows the bytes of a run", async () => {
  const pipeline = definePipeline<undefined>("deck", [
    step("outline", async ({ llm }) => (await llm.generate({ prompt: "x" })).text),
  ]);
  const run = runPipeline(pipeline, undefined, { llm: clientOf({ text: "Three parts" }) });
  expect((await written(run, "events")).text).toBe(blocks.get("steps: whole"));
});

test("chat: the page shows the bytes of an answer that is kept, from its start and from the middle", async () => {
  const store = memoryRunStore();
  const run = startChatRun(clientOf({ reasoning: "Short.", text: "Hello, box" }), { prompt: "x" }, { store });
  expect((await written(run.events, "events")).text).toBe(blocks.get("chat: whole"));
  const behind = (format: StreamFormat, after: number) => written(followChatRun(store, run.runId, { after }), format);
  expect((await behind("events", 4)).text).toBe(blocks.get("chat: behind"));
  expect((await behind("ndjson", 4)).text).toBe(blocks.get("chat: lines"));
  expect((await behind("ui-message", 0)).text).toBe(blocks.get("chat: message"));
});
