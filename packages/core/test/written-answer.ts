import type { GenerateResult } from "../src/generate/generate-result.js";
import type { StreamEvent } from "../src/generate/stream-event.js";
import type { WireFormat } from "../src/node/wire-format.js";

/** Everything a format writes for a good answer. */
export function writeAnswer(
  format: WireFormat,
  events: readonly StreamEvent[],
  result: GenerateResult | undefined,
): string {
  return events.map((event) => format.event(event)).join("") + format.end(result);
}

/** The `data:` payloads of server-sent events, JSON parsed except `[DONE]`. */
export function payloads(text: string): unknown[] {
  return text
    .split("\n\n")
    .filter((part) => part !== "")
    .map((part) => {
      const data =
        part
          .split("\n")
          .find((line) => line.startsWith("data: "))
          ?.slice(6) ?? "";
      return data === "[DONE]" ? data : (JSON.parse(data) as unknown);
    });
}

const call = { id: "call_1", name: "weather", arguments: { city: "Oslo" }, rawArguments: '{"city":"Oslo"}' };

/** A conversation of two steps with reasoning, a tool that was executed, sources and a picture. */
export const TWO_STEPS: readonly StreamEvent[] = [
  { type: "start", generationId: "gen-1", model: "vendor/model", servedBy: "Vendor" },
  { type: "step-start", step: 0 },
  { type: "reasoning-delta", step: 0, text: "Need the " },
  { type: "reasoning-delta", step: 0, text: "weather." },
  { type: "text-delta", step: 0, text: "Let me look." },
  { type: "tool-call-delta", step: 0, index: 0, id: "call_1", name: "weather", argumentsDelta: "" },
  { type: "tool-call-delta", step: 0, index: 0, argumentsDelta: '{"city":' },
  { type: "tool-call-delta", step: 0, index: 0, argumentsDelta: '"Oslo"}' },
  { type: "keep-alive" },
  { type: "tool-call", step: 0, call },
  { type: "tool-progress", step: 0, id: "call_1", name: "weather", data: { percent: 50 } },
  { type: "tool-result", step: 0, id: "call_1", name: "weather", result: { degrees: -3 } },
  { type: "step-finish", step: 0, finishReason: "tool_calls" },
  { type: "step-start", step: 1 },
  { type: "text-delta", step: 1, text: "It is " },
  { type: "text-delta", step: 1, text: "-3 °C." },
  {
    type: "annotation",
    step: 1,
    annotation: { type: "url_citation", url_citation: { url: "https://example.org/w", title: "Weather" } },
  },
  { type: "image", step: 1, image: { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } } },
  { type: "step-finish", step: 1, finishReason: "stop" },
];
