import { expect, test } from "vitest";
import { sampleResult } from "../../test/scripted-source.js";
import { TWO_STEPS } from "../../test/written-answer.js";
import type { StreamEvent } from "../generate/stream-event.js";
import { asStreamEvent } from "./as-stream-event.js";

const call = { id: "c", name: "n", arguments: {}, rawArguments: "{}" };
const EVENTS: StreamEvent[] = [
  { type: "start" },
  { type: "start", generationId: "gen-1", model: "m", servedBy: "p" },
  { type: "keep-alive" },
  { type: "refusal-delta", step: 0, text: "No." },
  { type: "tool-call-delta", step: 0, index: 0, argumentsDelta: "" },
  { type: "tool-call", step: 0, call },
  { type: "tool-progress", step: 0, id: "c", name: "n", data: undefined },
  { type: "tool-result", step: 0, id: "c", name: "n", result: null },
  { type: "audio-delta", step: 0 },
  { type: "logprobs", step: 0, logprobs: null },
  { type: "finish", result: sampleResult() },
  ...TWO_STEPS,
];

test.each(EVENTS.map((event) => [event.type, event]))("a %s is an event", (_type, event) => {
  expect(asStreamEvent(event)).toBe(event);
});

test.each([
  [{ type: "finish", total: 3 }],
  [{ type: "finish", result: { total: 3 } }],
  [{ type: "image", src: "a.png" }],
  [{ type: "image", step: 1, image: null }],
  [{ type: "start", title: "x" }],
  [{ type: "warning" }],
  [{ type: "text-delta", text: "x" }],
  [{ type: "toString" }],
  [{ type: "__proto__" }],
  [null],
  [7],
])("%j is an object like any other", (item) => {
  expect(asStreamEvent(item)).toBeUndefined();
});
