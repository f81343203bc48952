import fc from "fast-check";
import { expect, test } from "vitest";
import { ManualClock } from "../../../test/manual-clock.js";
import { sampleResult } from "../../../test/scripted-source.js";
import { payloads, TWO_STEPS, writeAnswer } from "../../../test/written-answer.js";
import { createError } from "../../errors/error-classes.js";
import type { StreamEvent } from "../../generate/stream-event.js";
import { uiMessageFormat } from "./ui-message-format.js";

const clock = new ManualClock();
const format = (expose?: boolean) => uiMessageFormat({ clock, expose });

test("writes the parts that useChat reads, in their order", () => {
  const writer = format();
  expect(writer.headers).toEqual({ "x-vercel-ai-ui-message-stream": "v1" });
  expect(payloads(writeAnswer(writer, TWO_STEPS, sampleResult()))).toEqual([
    { type: "start" },
    { type: "start-step" },
    { type: "reasoning-start", id: "reasoning-1" },
    { type: "reasoning-delta", id: "reasoning-1", delta: "Need the " },
    { type: "reasoning-delta", id: "reasoning-1", delta: "weather." },
    { type: "reasoning-end", id: "reasoning-1" },
    { type: "text-start", id: "text-2" },
    { type: "text-delta", id: "text-2", delta: "Let me look." },
    { type: "text-end", id: "text-2" },
    { type: "tool-input-start", toolCallId: "call_1", toolName: "weather" },
    { type: "tool-input-delta", toolCallId: "call_1", inputTextDelta: '{"city":' },
    { type: "tool-input-delta", toolCallId: "call_1", inputTextDelta: '"Oslo"}' },
    { type: "tool-input-available", toolCallId: "call_1", toolName: "weather", input: { city: "Oslo" } },
    { type: "tool-output-available", toolCallId: "call_1", output: { percent: 50 }, preliminary: true },
    { type: "tool-output-available", toolCallId: "call_1", output: { degrees: -3 } },
    { type: "finish-step" },
    { type: "start-step" },
    { type: "text-start", id: "text-3" },
    { type: "text-delta", id: "text-3", delta: "It is " },
    { type: "text-delta", id: "text-3", delta: "-3 °C." },
    { type: "source-url", sourceId: "source-4", url: "https://example.org/w", title: "Weather" },
    { type: "file", mediaType: "image/png", url: "data:image/png;base64,AAAA" },
    { type: "text-end", id: "text-3" },
    { type: "finish-step" },
    {
      type: "finish",
      finishReason: "stop",
      messageMetadata: {
        model: "vendor/model",
        generationId: "gen-1",
        usage: { promptTokens: 7, completionTokens: 2, totalTokens: 9, cachedTokens: 3 },
        cost: { usd: 0.00012, isByok: false, totalUsd: 0.00012, source: "provider" },
      },
    },
    "[DONE]",
  ]);
});

test("failures: an error part with a public text, then [DONE]; of tools, their own part", () => {
  const text = format().failure(createError("provider_error", "db-7 is down")) ?? "";
  expect(payloads(text)).toEqual([
    { type: "start" },
    { type: "error", errorText: "The model service failed." },
    "[DONE]",
  ]);

  const failed = {
    type: "tool-result",
    step: 0,
    id: "c",
    name: "db",
    result: { error: "db-7 is down" },
    isError: true,
  } as const;
  expect(payloads(format().event(failed)).at(-1)).toEqual({
    type: "tool-output-error",
    toolCallId: "c",
    errorText: "A tool failed.",
  });
  expect(payloads(format(true).event(failed)).at(-1)).toMatchObject({ errorText: "db-7 is down" });
});

test("a call whose arguments are wrong is an input error", () => {
  const call = { id: "c", name: "db", rawArguments: "{oops", invalid: true } as const;
  expect(payloads(format().event({ type: "tool-call", step: 0, call })).at(-1)).toEqual({
    type: "tool-input-error",
    toolCallId: "c",
    toolName: "db",
    input: "{oops",
    errorText: "The arguments of the call are not valid.",
  });
});

test("a call is announced once its id and name are known, with what had arrived", () => {
  const writer = format();
  const delta = (more: object) =>
    writer.event({ type: "tool-call-delta", step: 0, index: 0, argumentsDelta: "", ...more });
  expect(payloads(delta({ argumentsDelta: '{"a"' })).slice(2)).toEqual([]);
  expect(payloads(delta({ id: "c", argumentsDelta: ":" }))).toEqual([]);
  expect(payloads(delta({ name: "n", argumentsDelta: "1" }))).toEqual([
    { type: "tool-input-start", toolCallId: "c", toolName: "n" },
    { type: "tool-input-delta", toolCallId: "c", inputTextDelta: '{"a":1' },
  ]);
  expect(payloads(delta({ argumentsDelta: "}" }))).toEqual([
    { type: "tool-input-delta", toolCallId: "c", inputTextDelta: "}" },
  ]);
});

test("what the protocol has no part for travels as data", () => {
  const writer = format();
  const parts = [
    writer.event({ type: "annotation", step: 0, annotation: { type: "file", file: { hash: "h" } } }),
    writer.event({ type: "image", step: 0, image: { other: "shape" } }),
    writer.event({ type: "image", step: 0, image: { image_url: { url: "https://example.org/a" } } }),
    writer.event({ type: "audio-delta", step: 0, data: "AAAA" }),
    writer.event({ type: "warning", warning: { code: "c", message: "m" } }),
    writer.item({ runId: "r", seq: 1 }),
  ].flatMap(payloads) as { type: string }[];
  expect(parts.map(({ type }) => type)).toEqual([
    "start",
    "data-annotation",
    "data-image",
    "file",
    "data-audio",
    "data-warning",
    "data-item",
  ]);
});

test("whatever the order of events, no part refers to one that was not opened, and everything opened is closed", () => {
  const step = fc.integer({ min: 0, max: 2 });
  const id = fc.constantFrom("a", "b", "c");
  const event = fc.oneof(
    step.map((n): StreamEvent => ({ type: "step-start", step: n })),
    fc.record({ type: fc.constantFrom("text-delta", "reasoning-delta", "refusal-delta"), step, text: fc.string() }),
    fc.record(
      {
        type: fc.constant("tool-call-delta"),
        step,
        index: fc.nat(2),
        id,
        name: fc.constant("tool"),
        argumentsDelta: fc.string(),
      },
      { requiredKeys: ["type", "step", "index", "argumentsDelta"] },
    ),
    fc.record({
      type: fc.constant("tool-call"),
      step,
      call: fc.record({ id, name: fc.constant("tool"), rawArguments: fc.constant("{}") }),
    }),
    fc.record({ type: fc.constant("tool-progress"), step, id, name: fc.constant("tool"), data: fc.json() }),
    fc.record({
      type: fc.constant("tool-result"),
      step,
      id,
      name: fc.constant("tool"),
      result: fc.json(),
      isError: fc.boolean(),
    }),
    fc.record({ type: fc.constant("step-finish"), step, finishReason: fc.constant("stop") }),
  ) as fc.Arbitrary<StreamEvent>;
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const parts = payloads(writeAnswer(format(), events, sampleResult())).slice(0, -1) as Record<string, string>[];
      const open = new Set<string>();
      const calls = new Set<string>();
      let inStep = false;
      for (const part of parts) {
        const type = part.type ?? "";
        if (type === "start-step") inStep = true;
        else if (type === "finish-step") inStep = false;
        else if (/^(text|reasoning)-start$/.test(type)) open.add(part.id ?? "");
        else if (/^(text|reasoning)-delta$/.test(type)) expect(open.has(part.id ?? "") && inStep).toBe(true);
        else if (/^(text|reasoning)-end$/.test(type)) expect(open.delete(part.id ?? "")).toBe(true);
        else if (/^tool-input-(start|available|error)$/.test(type)) calls.add(part.toolCallId ?? "");
        else if (type.startsWith("tool-")) expect(calls.has(part.toolCallId ?? "")).toBe(true);
      }
      expect([parts[0]?.type, parts.at(-1)?.type, open.size, inStep]).toEqual(["start", "finish", 0, false]);
    }),
  );
});
