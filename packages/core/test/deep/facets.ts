import { arrived, type Reading } from "../recorded-reading.js";
import type { PlainChunk } from "./plain-reading.js";

/** The parts of a reading that can change without one another. */
export type Facet =
  | "text"
  | "reasoning"
  | "details"
  | "refusal"
  | "calls"
  | "finish"
  | "usage"
  | "annotations"
  | "images"
  | "audio"
  | "logprobs"
  | "identity";

export function facetsOf(reading: Reading): Record<Facet, string> {
  const read = arrived(reading);
  const told = {
    text: read.text,
    reasoning: read.reasoning,
    details: read.message?.reasoning_details,
    refusal: read.refusal,
    calls: read.toolCalls,
    finish: [read.finishReason, read.rawFinishReason, read.nativeFinishReason],
    usage: [read.usage, read.cost],
    annotations: read.annotations,
    images: read.images,
    audio: read.audio,
    logprobs: read.logprobs,
    identity: [read.model, read.servedBy, read.generationId],
  };
  return Object.fromEntries(
    Object.entries(told).map(([facet, value]) => [facet, JSON.stringify(value) ?? ""]),
  ) as Record<Facet, string>;
}

const PLACE = /^choices\.\d+\.index$/;

/** Which facet the field at a path of a chunk feeds; fields that nothing reads feed none. */
const FEEDS: readonly [path: RegExp, facets: readonly Facet[]][] = [
  [/^(id|model|provider)\b/, ["identity"]],
  [/^usage\b/, ["usage"]],
  [/^choices\.\d+\.(finish|native_finish)_reason$/, ["finish"]],
  [/^choices\.\d+\.logprobs\b/, ["logprobs"]],
  [/^choices\.\d+\.(?:delta|message)\.content\b/, ["text"]],
  [/^choices\.\d+\.(?:delta|message)\.reasoning(_content)?$/, ["reasoning"]],
  [/^choices\.\d+\.(?:delta|message)\.reasoning_details\b/, ["details", "reasoning"]],
  [/^choices\.\d+\.(?:delta|message)\.refusal$/, ["refusal"]],
  // Calls that are not whole turn the finish word into `length`.
  [/^choices\.\d+\.(?:delta|message)\.tool_calls\b/, ["calls", "finish"]],
  [/^choices\.\d+\.(?:delta|message)\.annotations\b/, ["annotations"]],
  [/^choices\.\d+\.(?:delta|message)\.images\b/, ["images"]],
  [/^choices\.\d+\.(?:delta|message)\.audio\b/, ["audio"]],
];

/** The facets that a chunk, or a whole answer, has a say in. */
export function fedBy(chunk: PlainChunk): Set<Facet> {
  return new Set(leaves(chunk).flatMap(([path, value]) => (value === null || value === "" ? [] : feeds(path))));
}

/**
 * The facets that may differ when one chunk stands where another stood: those that a changed, lost or new field feeds.
 * Another place of a choice decides whether it is read at all.
 */
export function mayDiffer(before: PlainChunk, after: PlainChunk): Set<Facet> {
  const old = new Map(leaves(before));
  const now = new Map(leaves(after));
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter(
    (path) => old.has(path) !== now.has(path) || old.get(path) !== now.get(path),
  );
  if (changed.some((path) => PLACE.test(path))) return new Set([...fedBy(before), ...fedBy(after)]);
  return new Set(changed.flatMap(feeds));
}

function feeds(path: string): readonly Facet[] {
  return FEEDS.find(([pattern]) => pattern.test(path))?.[1] ?? [];
}

function leaves(value: unknown, path = ""): [path: string, leaf: unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, Array.isArray(value) ? "[]" : "{}"]];
  return entries.flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}
