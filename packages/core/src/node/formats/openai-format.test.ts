import { expect, test } from "vitest";
import { ManualClock } from "../../../test/manual-clock.js";
import { sampleResult } from "../../../test/scripted-source.js";
import { payloads, TWO_STEPS, writeAnswer } from "../../../test/written-answer.js";
import { createError } from "../../errors/error-classes.js";
import { openaiFormat } from "./openai-format.js";

interface Chunk {
  id: string;
  object: string;
  created: number;
  model: string;
  choices: { index: number; delta: Record<string, unknown>; finish_reason: string | null }[];
  usage?: object;
}

const clock = new ManualClock(Date.UTC(2026, 0, 1));
const chunks = (text: string) => payloads(text).filter((data) => data !== "[DONE]") as Chunk[];

test("writes chat completion chunks: role first, deltas, one last chunk with finish and usage, [DONE]", () => {
  const text = writeAnswer(openaiFormat({ clock }), TWO_STEPS, sampleResult());
  const all = chunks(text);

  expect(all[0]).toEqual({
    id: "gen-1",
    object: "chat.completion.chunk",
    created: Date.UTC(2026, 0, 1) / 1000,
    model: "vendor/model",
    choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }],
  });
  expect(all.map(({ choices }) => choices[0]?.delta)).toEqual([
    { role: "assistant", content: "" },
    { reasoning: "Need the " },
    { reasoning: "weather." },
    { content: "Let me look." },
    { content: "It is " },
    { content: "-3 °C." },
    { annotations: [{ type: "url_citation", url_citation: { url: "https://example.org/w", title: "Weather" } }] },
    { images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] },
    {},
  ]);
  expect(all.at(-1)).toMatchObject({
    choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
    usage: {
      prompt_tokens: 7,
      completion_tokens: 2,
      total_tokens: 9,
      prompt_tokens_details: { cached_tokens: 3 },
      cost: 0.00012,
    },
  });
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  expect(new Set(all.map(({ id, model, created }) => `${id} ${model} ${created}`)).size).toBe(1);
});

test("tool calls that wait for the client are deltas, those the server has executed are not", () => {
  const waiting = { id: "call_2", name: "ask", arguments: { q: 1 }, rawArguments: '{"q":1}' };
  const result = sampleResult({ toolCalls: [waiting], finishReason: "tool_calls" });
  const all = chunks(writeAnswer(openaiFormat({ clock }), TWO_STEPS, result));
  const calls = all.flatMap(({ choices }) => (choices[0]?.delta.tool_calls as object[] | undefined) ?? []);
  expect(calls).toEqual([
    { index: 0, id: "call_2", type: "function", function: { name: "ask", arguments: '{"q":1}' } },
  ]);
  expect(all.at(-1)?.choices[0]?.finish_reason).toBe("tool_calls");
});

test("a growing tool call opens the answer with the role", () => {
  const format = openaiFormat({ clock });
  const delta = { type: "tool-call-delta", step: 0, index: 0, id: "c", name: "n", argumentsDelta: "" } as const;
  expect(chunks(format.event(delta))).toMatchObject([{ choices: [{ delta: { role: "assistant" } }] }]);
  expect(format.event(delta)).toBe("");
});

test("an unknown finish word is passed on, one that was never told is `stop`", () => {
  const word = (more: Parameters<typeof sampleResult>[0]) =>
    chunks(writeAnswer(openaiFormat({ clock }), [], sampleResult(more))).at(-1)?.choices[0]?.finish_reason;
  expect(word({ finishReason: "unknown", rawFinishReason: "eos" })).toBe("eos");
  expect(word({ finishReason: "unknown", rawFinishReason: undefined })).toBe("stop");
  expect(word({ finishReason: "content_filter" })).toBe("content_filter");
});

test("refusals, sound and logprobs have their fields", () => {
  const format = openaiFormat({ clock });
  const all = chunks(
    writeAnswer(
      format,
      [
        { type: "refusal-delta", step: 0, text: "No." },
        { type: "audio-delta", step: 0, data: "AAAA", transcript: "hi" },
        { type: "logprobs", step: 0, logprobs: { content: [] } },
      ],
      undefined,
    ),
  );
  expect(all.slice(1).map(({ choices }) => choices[0])).toEqual([
    { index: 0, delta: { refusal: "No." }, finish_reason: null },
    { index: 0, delta: { audio: { data: "AAAA", transcript: "hi" } }, finish_reason: null },
    { index: 0, delta: {}, logprobs: { content: [] }, finish_reason: null },
  ]);
});

test("a failure is an error object and no [DONE]; without a generation id one is made up", () => {
  const format = openaiFormat({ clock });
  const begun = chunks(format.event({ type: "text-delta", step: 0, text: "Hel" }));
  expect(begun[0]?.id).toMatch(/^chatcmpl-/);
  const text = format.failure(createError("rate_limit", "rate limit exceeded", { retryAfterMs: 2_000 })) ?? "";
  expect(payloads(text)).toEqual([
    {
      error: {
        code: "rate_limit",
        type: "rate_limit",
        param: null,
        message: "rate limit exceeded",
        retryable: true,
        retryAfterMs: 2_000,
      },
    },
  ]);
});

test("wire chunks pass through, other objects are refused", () => {
  const format = openaiFormat({ clock });
  const chunk = { id: "x", object: "chat.completion.chunk", choices: [] };
  expect(payloads(format.item(chunk))).toEqual([chunk]);
  expect(() => format.item({ any: "thing" })).toThrow(expect.objectContaining({ code: "invalid_request" }));
});
