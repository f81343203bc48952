import type { ChatChunk, ChatCompletion, ChunkDelta } from "../messages/chat-body.js";

/** The chunk that says at once what a whole answer says: messages become deltas, calls get their index. */
export function completionToChunk(completion: ChatCompletion): ChatChunk {
  const { choices, ...rest } = completion;
  if (!Array.isArray(choices)) return rest;
  return {
    ...rest,
    object: "chat.completion.chunk",
    choices: choices.map(({ message, ...choice }) => ({ ...choice, delta: messageToDelta(message) })),
  };
}

function messageToDelta(message: unknown): ChunkDelta {
  if (typeof message !== "object" || message === null) return {};
  const { tool_calls, ...delta } = message as ChunkDelta;
  if (!Array.isArray(tool_calls)) return delta;
  return { ...delta, tool_calls: tool_calls.map((call, index) => ({ ...call, index })) };
}
