import { AudioPieces } from "../messages/audio-pieces.js";
import type { ChatChunk, ChatCompletion, ChunkDelta, ToolCallDelta } from "../messages/chat-body.js";
import { Logprobs } from "../messages/logprobs.js";
import type { AssistantMessage, WireToolCall } from "../messages/message.js";

/**
 * One answer out of the chunks of a stream, in wire shape: texts joined, lists appended, calls put together by index,
 * the last finish word and the last usage. An error in a chunk stays where `findErrorInBody` looks for it.
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
    const first = choices?.[0];
    if (first === undefined) continue;
    if (first.delta !== undefined && first.delta !== null) deltas.push(first.delta);
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
  for (const name of ["reasoning_details", "annotations", "images"] as const) {
    const items = deltas.flatMap((delta) => delta[name] ?? []);
    if (items.length > 0) message[name] = items;
  }
  const audio = new AudioPieces();
  for (const delta of deltas) if (typeof delta.audio === "object" && delta.audio !== null) audio.add(delta.audio);
  const sound = audio.wire();
  if (sound !== undefined) message.audio = sound;
  const calls = mergeCalls(deltas.flatMap((delta) => delta.tool_calls ?? []));
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

function mergeCalls(parts: readonly ToolCallDelta[]): WireToolCall[] {
  const calls: (WireToolCall & { function: { name: string; arguments: string } })[] = [];
  const current = new Map<number, (typeof calls)[number]>();
  for (const part of parts) {
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
