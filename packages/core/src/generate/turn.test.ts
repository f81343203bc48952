import { describe, expect, test } from "vitest";
import { LLMClient, type StreamEvent } from "../index.js";
import type { ChatChunk } from "../messages/chat-body.js";

const busy: ChatChunk = { error: { code: 503, message: "busy" } };
const logprobs: ChatChunk = {
  choices: [{ index: 0, delta: { content: "" }, logprobs: { content: [{ token: "a" }] } }],
};
const text = (content: string): ChatChunk => ({ choices: [{ index: 0, delta: { content } }] });
const end: ChatChunk = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };

/** Everything a stream tells, and what it fails with, where its attempts are answered by these reads. */
async function told(...attempts: ChatChunk[][][]) {
  const requests = attempts.values();
  const llm = new LLMClient({
    provider: {
      name: "own",
      defaultModel: "a/b",
      chat: () => Promise.reject(new Error("not asked for")),
      async chatStream() {
        const reads = requests.next().value ?? [];
        return {
          done: true,
          close() {},
          [Symbol.asyncIterator]: async function* () {
            yield* reads;
          },
        };
      },
    },
    env: false,
    retry: { baseDelayMs: 0 },
  });
  const stream = llm.stream({ prompt: "x" });
  const events: StreamEvent[] = [];
  let code: string | undefined;
  try {
    for await (const event of stream.events) events.push(event);
  } catch (error) {
    code = (error as { code: string }).code;
  }
  const types = events.map((event) => (event.type === "text-delta" ? event.text : event.type));
  return { types, code };
}

describe("an attempt that fails before there is anything of an answer", () => {
  test.each([
    ["in a read of its own", [[logprobs], [busy]]],
    ["in one read", [[logprobs, busy]]],
  ])("leaves nothing behind for the next one: %s", async (_, failing) => {
    expect(await told(failing, [[logprobs, text("hi")], [end]])).toEqual({
      types: ["start", "step-start", "logprobs", "hi", "step-finish", "finish"],
      code: undefined,
    });
  });
});

test.each([
  ["a read of its own", [[end], [busy]]],
  ["the same read", [[end, busy]]],
])("a finish word alone is no beginning: what fails behind it, in %s, is repeated", async (_, failing) => {
  const again = await told(failing, [[text("hi")], [end]]);
  expect(again).toEqual({ types: ["start", "step-start", "hi", "step-finish", "finish"], code: undefined });
  expect(await told(failing, failing, failing)).toEqual({ types: [], code: "provider_overloaded" });
});

test("an answer that is nothing but its finish word begins with its end", async () => {
  const types = ["start", "step-start", "warning", "step-finish", "finish"];
  expect(await told([[end]])).toEqual({ types, code: undefined });
});

test("what stands before a failure in a read is told first, and what stands behind it not at all", async () => {
  expect(
    await told([
      [text("a"), text("b"), busy, text("c")],
      [text("d"), end],
    ]),
  ).toEqual({
    types: ["start", "step-start", "a", "b"],
    code: "provider_overloaded",
  });
});
