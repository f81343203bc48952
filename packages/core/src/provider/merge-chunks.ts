import { AudioPieces } from "../messages/audio-pieces.js";
import type { ChatChunk, ChatCompletion, ChunkChoice, ChunkDelta, ToolCallDelta } from "../messages/chat-body.js";
import { Logprobs } from "../messages/logprobs.js";
import type { AssistantMessage, WireToolCall } from "../messages/message.js";
import { ReasoningDetails } from "../messages/reasoning-details.js";

/**
 * One answer out of the chunks of a stream, in wire shape: texts and thoughts joined, other lists appended, calls put
 * together by index, the last finish word and the last usage. An error in a chunk stays where `findErrorInBody` looks for it.
 */
export function mergeChunks(chunks: readonly ChatChunk[]): ChatCompletion {
  const merged: ChatCompletion = { object: "chat.completion" };
  const deltas: ChunkDelta[] = [];
  const choice: Record<string, unknown> = { index: 0 };
  const logprobs = new Logprobs();
  for (const { choices, object: _object, ...fields } of chunks) {
    // Setting a key of that name would replace the prototype.
    for (const [name, value] of Object.entries(fields))
      if (value !== undefined && value !== null && name !== "__proto__") Object.assign(merged, { [name]: value });
    const first = firstOf(choices);
    if (first === undefined) continue;
    if (typeof first.delta === "object" && first.delta !== null) deltas.push(first.delta);
    for (const name of ["finish_reason", "native_finish_reason", "error"] as const) {
      if (first[name] !== undefined && first[name] !== null) choice[name] = first[name];
    }
    if (first.logprobs !== undefined && first.logprobs !== null) logprobs.add(first.logprobs);
  }
  if (logprobs.whole !== undefined) choice.logprobs = logprobs.whole;
  merged.choices = [{ ...choice, message: mergeDeltas(deltas) }];
  return merged;
}

function mergeDeltas(
  deltas: readonly ChunkDelta[],
): Omit<AssistantMessage, "tool_calls"> & { tool_calls?: WireToolCall[] } {
  const message: Omit<AssistantMessage, "tool_calls"> & { tool_calls?: WireToolCall[] } = {
    role: "assistant",
    content: joined(deltas, "content") ?? null,
  };
  for (const name of ["reasoning", "reasoning_content", "refusal"] as const) {
    const text = joined(deltas, name);
    if (text !== undefined) message[name] = text;
  }
  const details = new ReasoningDetails();
  for (const { reasoning_details: pieces } of deltas) if (Array.isArray(pieces)) details.add(pieces);
  if (details.list !== undefined) message.reasoning_details = details.list;
  for (const name of ["annotations", "images"] as const) {
    const items = listed(deltas, name);
    if (items.length > 0) message[name] = items;
  }
  const audio = new AudioPieces();
  for (const delta of deltas) if (typeof delta.audio === "object" && delta.audio !== null) audio.add(delta.audio);
  const sound = audio.wire();
  if (sound !== undefined) message.audio = sound;
  const calls = mergeCalls(listed(deltas, "tool_calls"));
  if (calls.length > 0) message.tool_calls = calls;
  return message;
}

function joined(
  deltas: readonly ChunkDelta[],
  name: "content" | "reasoning" | "reasoning_content" | "refusal",
): string | undefined {
  const texts = deltas.map((delta) => delta[name]).filter((text) => typeof text === "string");
  return texts.length === 0 ? undefined : texts.join("");
}

function listed<Name extends "annotations" | "images" | "tool_calls">(
  deltas: readonly ChunkDelta[],
  name: Name,
): NonNullable<ChunkDelta[Name]>[number][] {
  return deltas.flatMap((delta) => (Array.isArray(delta[name]) ? delta[name] : []));
}

/** Of several answers the one that is read: that of index 0, or of no index. */
function firstOf(choices: ChatChunk["choices"]): ChunkChoice | undefined {
  if (!Array.isArray(choices)) return undefined;
  return choices.find((choice) => typeof choice === "object" && choice !== null && (choice.index ?? 0) === 0);
}

function mergeCalls(parts: readonly ToolCallDelta[]): WireToolCall[] {
  const calls: (WireToolCall & { function: { name: string; arguments: string } })[] = [];
  const current = new Map<number, (typeof calls)[number]>();
  for (const part of parts) {
    if (typeof part !== "object" || part === null) continue;
    const index = part.index ?? Math.max(0, current.size - 1);
    const name = part.function?.name ?? "";
    let call = current.get(index);
    // Some routes give every call index 0: another id together with a name starts another call.
    if (call === undefined || (part.id && name !== "" && call.id !== "" && part.id !== call.id)) {
      call = { id: "", type: part.type ?? "function", function: { name: "", arguments: "" } };
      calls.push(call);
      current.set(index, call);
    }
    call.id ||= part.id ?? "";
    call.function.name ||= name;
    const text = part.function?.arguments;
    if (text !== undefined && text !== null)
      call.function.arguments += typeof text === "string" ? text : JSON.stringify(text);
  }
  return calls;
}
