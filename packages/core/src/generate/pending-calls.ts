import type { AssistantMessage, Message } from "../messages/message.js";
import { parseArguments } from "../tools/parse-arguments.js";
import type { ToolCall } from "../tools/tool-types.js";

/** The calls at the end of a conversation that have no answer yet, and the message that made them. */
export function pendingCalls(
  messages: readonly Message[],
): { calls: ToolCall[]; message: AssistantMessage } | undefined {
  const position = messages.findLastIndex((message) => message.role === "assistant");
  const message = messages[position] as AssistantMessage | undefined;
  if (message === undefined) return undefined;
  const answered = new Set(
    messages.slice(position + 1).map((later) => (later.role === "tool" ? later.tool_call_id : undefined)),
  );
  const calls = (message.tool_calls ?? []).flatMap((call): ToolCall[] => {
    if (call.function === undefined || answered.has(call.id)) return [];
    const { name, arguments: rawArguments } = call.function;
    const parsed = parseArguments(rawArguments);
    const base = { id: call.id, name, rawArguments };
    return [parsed.ok ? { ...base, arguments: parsed.value } : { ...base, invalid: true }];
  });
  return { calls, message };
}
