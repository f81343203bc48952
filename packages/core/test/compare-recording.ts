import type { EmbedResult, GenerateResult, RerankResult } from "../src/index.js";
import { compareError } from "./compare-recorded-error.js";
import { arrived, type Reading } from "./recorded-reading.js";
import type { Expectation, Recording } from "./recordings.js";

/** Notes a difference, if there is one. Absent and null are the same. */
export type Same = (what: string, got: unknown, wanted: unknown) => void;

/** A list of differences and what fills it. */
export function comparison(): { found: string[]; same: Same } {
  const found: string[] = [];
  return {
    found,
    same(what, got, wanted) {
      if (JSON.stringify(got ?? null) !== JSON.stringify(wanted ?? null))
        found.push(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
    },
  };
}

const BROKEN_STREAMS = new Set(["truncated_stream", "bad_json"]);

/** Every difference between what was read and what the recording says; empty means right. */
export function differences(recording: Recording, reading: Reading): string[] {
  const { expect } = recording;
  const { found, same } = comparison();
  if (expect.error) {
    if (reading.error === undefined) return ["no error, wanted one"];
    // A whole answer was asked for: of a stream that breaks in its place nothing was handed over.
    const nothing = reading.events === undefined && BROKEN_STREAMS.has(expect.error.mode);
    const { retryable, ...rest } = expect.error;
    compareError(nothing ? rest : { ...rest, retryable }, reading.error, recording, { found, same });
    if (nothing) return found;
  } else if (reading.error !== undefined) {
    return [`${reading.error.code}: ${reading.error.message}`];
  }
  const read = arrived(reading);
  if (expect.text !== undefined) same("text", read.text ?? "", expect.text);
  if (expect.reasoning !== undefined) same("reasoning", read.reasoning ?? "", expect.reasoning);
  if (expect.finishReason !== undefined) same("raw finish", read.rawFinishReason ?? null, expect.finishReason);
  if (expect.nativeFinishReason !== undefined)
    same("native finish", read.nativeFinishReason ?? null, expect.nativeFinishReason);
  if (!expect.error) same("finish", read.finishReason, expect.finishUnified ?? unifiedFinish(expect));
  if (expect.annotations !== undefined) same("annotations", read.annotations?.length ?? 0, expect.annotations);
  if (expect.images !== undefined) same("images", read.images?.length ?? 0, expect.images);
  if (expect.provider !== undefined) same("provider", read.servedBy, expect.provider);
  if (expect.id !== undefined) same("id", read.generationId, expect.id);
  if (expect.model !== undefined && reading.result) same("model", read.model, expect.model);
  if (expect.refusal !== undefined) same("refusal", read.refusal, expect.refusal);
  if (expect.contentNull && reading.events === undefined) same("content", read.message?.content, null);
  if (expect.status !== undefined && reading.result) same("status", read.attempts?.at(-1)?.status, expect.status);
  if (expect.reasoningDetails) compareDetails(recording, read, same);
  if (expect.toolCallEvents !== undefined && reading.events) {
    const calls = reading.events.filter(({ type }) => type === "tool-call");
    same("call events", calls.length, expect.toolCallEvents);
  }
  if (expect.mustNotPollute) same("Object.prototype", Object.keys(Object.prototype), []);
  compareCalls(expect, read, same);
  compareUsage(expect, read, same);
  return found;
}

/** What a recorded embeddings answer says, against what was read. */
export function embeddingDifferences({ expect }: Recording, result: EmbedResult): string[] {
  const { found, same } = comparison();
  same("model", result.model, expect.model);
  same("vectors", result.embeddings.length, expect.embeddings);
  const lengths = result.embeddings.map((vector) => vector.length);
  same("lengths", [...new Set(lengths)], [...new Set(expect.dims)]);
  compareUsage(expect, result, same);
  return found;
}

/** What a recorded rerank answer says, against what was read. */
export function rerankDifferences({ expect }: Recording, result: RerankResult): string[] {
  const { found, same } = comparison();
  const ranked = result.results.map(({ index, score }) => [index, score]);
  same("results", ranked, expect.results);
  compareUsage(expect, result, same);
  return found;
}

const CUT_WORDS = new Set(["length", "max_tokens", "max_output_tokens"]);
const FINISH_WORDS = new Set(["stop", "length", "tool_calls", "content_filter"]);

/** What a raw finish word stands for beside the calls that were recorded with it. */
function unifiedFinish({ finishReason, nativeFinishReason, toolCalls = [] }: Expectation): string {
  const isCut = CUT_WORDS.has((nativeFinishReason ?? "").toLowerCase());
  if (isCut && toolCalls.some(({ argumentsInvalid }) => argumentsInvalid)) return "length";
  if (toolCalls.length > 0 && finishReason !== "length") return "tool_calls";
  return finishReason && FINISH_WORDS.has(finishReason) ? finishReason : "unknown";
}

function compareCalls(expect: Expectation, read: Partial<GenerateResult>, same: Same): void {
  const calls = read.toolCalls ?? [];
  same("number of calls", calls.length, expect.toolCalls?.length ?? 0);
  for (const [position, wanted] of (expect.toolCalls ?? []).entries()) {
    const call = calls[position];
    if (wanted.id) same(`call ${position} id`, call?.id, wanted.id);
    same(`call ${position} name`, call?.name, wanted.name);
    if (wanted.argumentsRaw !== undefined) same(`call ${position} raw`, call?.rawArguments, wanted.argumentsRaw);
    if (wanted.argumentsInvalid) same(`call ${position} invalid`, [call?.invalid, call?.arguments], [true, undefined]);
    else same(`call ${position} arguments`, call?.arguments, wanted.arguments);
  }
  if (expect.idsMustBeMadeUnique)
    same("unique ids", new Set(calls.map((call) => call.id || undefined)).size, calls.length);
}

function compareUsage(expect: Expectation, read: Partial<Pick<GenerateResult, "usage" | "cost">>, same: Same): void {
  if (expect.usage === null) same("usage", read.usage, undefined);
  for (const [name, wanted] of Object.entries(expect.usage ?? {})) {
    if (name === "cost") same("cost", read.cost?.usd, wanted);
    else if (name === "isByok") same("isByok", read.cost?.isByok ?? false, wanted);
    else if (name === "webSearchRequests") {
      const wire = read.usage?.raw as { server_tool_use_details?: { web_search_requests?: number } } | undefined;
      same(name, wire?.server_tool_use_details?.web_search_requests, wanted);
    } else same(name, (read.usage as Record<string, unknown> | undefined)?.[name], wanted);
  }
}

/** A whole answer keeps its list as it came; the pieces of a stream are joined, so that only their kinds remain. */
function compareDetails(recording: Recording, read: Partial<GenerateResult>, same: Same): void {
  const counts: Record<string, number> = {};
  for (const detail of (read.message?.reasoning_details ?? []) as { type: string; format?: string | null }[]) {
    const kind = detail.format ? `${detail.type}:${detail.format}` : detail.type;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const wanted = recording.expect.reasoningDetails ?? {};
  const sorted = (record: object) => Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
  if (recording.tags.includes("stream"))
    same("kinds of details", Object.keys(counts).sort(), Object.keys(wanted).sort());
  else same("details", sorted(counts), sorted(wanted));
}
