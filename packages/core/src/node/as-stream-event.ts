import type { StreamEvent } from "../generate/stream-event.js";

type Kind = "string" | "number" | "object" | "result" | "anything";
type Fields = Readonly<Record<string, Kind>>;

/** What an event of each type cannot be without: objects of other people have a `type` too. */
const NEEDED: ReadonlyMap<unknown, Fields> = new Map<StreamEvent["type"], Fields>([
  ["start", {}],
  ["step-start", { step: "number" }],
  ["text-delta", { step: "number", text: "string" }],
  ["reasoning-delta", { step: "number", text: "string" }],
  ["refusal-delta", { step: "number", text: "string" }],
  ["tool-call-delta", { step: "number", index: "number", argumentsDelta: "string" }],
  ["tool-call", { step: "number", call: "object" }],
  ["tool-progress", { step: "number", id: "string", name: "string" }],
  ["tool-result", { step: "number", id: "string", name: "string" }],
  ["annotation", { step: "number", annotation: "object" }],
  ["image", { step: "number", image: "object" }],
  ["audio-delta", { step: "number" }],
  ["logprobs", { step: "number", logprobs: "anything" }],
  ["keep-alive", {}],
  ["warning", { warning: "object" }],
  ["step-finish", { step: "number", finishReason: "string" }],
  ["finish", { result: "result" }],
]);

/** All that stands on the events that need nothing: only what else an object holds tells it from them. */
const OPEN_FIELDS: ReadonlySet<string> = new Set(["type", "generationId", "model", "servedBy"]);

/** Reads an item of any iterable: a string is a piece of text, an object with an event's type and fields an event. */
export function asStreamEvent(item: unknown): StreamEvent | undefined {
  if (typeof item === "string") return { type: "text-delta", step: 0, text: item };
  if (typeof item !== "object" || item === null || !("type" in item)) return undefined;
  const needed = NEEDED.get(item.type);
  if (needed === undefined) return undefined;
  const names = Object.keys(needed);
  const isEvent =
    names.length === 0
      ? Object.keys(item).every((name) => OPEN_FIELDS.has(name))
      : names.every((name) => isOf(needed[name] as Kind, (item as Record<string, unknown>)[name]));
  return isEvent ? (item as StreamEvent) : undefined;
}

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === "anything") return value !== undefined;
  if (kind === "result") return isOf("object", value) && typeof (value as { text?: unknown }).text === "string";
  return typeof value === kind && value !== null;
}
