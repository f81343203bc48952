import OpenAI from "openai";
import { expect, test } from "vitest";
import { AnswerServer } from "../../../test/answer-server.js";
import { ScriptedSource } from "../../../test/scripted-source.js";
import { TWO_STEPS } from "../../../test/written-answer.js";
import { createError } from "../../errors/error-classes.js";
import { pipeStream } from "../pipe-stream.js";

const call = { id: "call_2", name: "ask", arguments: { q: 1 }, rawArguments: '{"q":1}' };

async function ask(source: ScriptedSource) {
  await using server = await AnswerServer.start((_req, res) => pipeStream(source.stream, res, { format: "openai" }));
  const client = new OpenAI({ apiKey: "none", baseURL: server.url, maxRetries: 0 });
  return await client.chat.completions
    .stream({ model: "m", messages: [{ role: "user", content: "?" }] })
    .finalChatCompletion();
}

test("S14 the official client assembles text, reasoning, usage and the calls that wait for it", async () => {
  const source = new ScriptedSource().push(...TWO_STEPS).finish({ toolCalls: [call], finishReason: "tool_calls" });
  const completion = await ask(source);
  expect(completion).toMatchObject({
    id: "gen-1",
    model: "vendor/model",
    choices: [
      {
        finish_reason: "tool_calls",
        message: {
          role: "assistant",
          content: "Let me look.It is -3 °C.",
          tool_calls: [{ id: "call_2", type: "function", function: { name: "ask", arguments: '{"q":1}' } }],
        },
      },
    ],
    usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
  });
});

test("S14 the official client throws when the answer fails on the way", async () => {
  const source = new ScriptedSource().text("Hel").fail(createError("rate_limit", "rate limit exceeded"));
  await expect(ask(source)).rejects.toThrow("rate limit exceeded");
});
