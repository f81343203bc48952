import type { AssistantMessage, Message, WireToolCall } from "../messages/message.js";
import { argumentsText, parseArguments } from "../tools/parse-arguments.js";
import type { ToolCall } from "../tools/tool-types.js";

/**
 * The calls at the end of a conversation that have no answer yet, and the message that made them. Read tolerantly: the
 * conversation may come from a browser or from another library.
 */
export function pendingCalls(
  messages: readonly Message[],
): { calls: ToolCall[]; message: AssistantMessage } | undefined {
  const position = messages.findLastIndex((message) => message.role === "assistant");
  const message = messages[position] as AssistantMessage | undefined;
  if (message === undefined) return undefined;
  // One answer stands for one call, also where several have the same id.
  const answers = messages.slice(position + 1).map((later) => (later.role === "tool" ? later.tool_call_id : undefined));
  const isAnswered = (id: unknown) => {
    const place = answers.findIndex((answered) => answered !== undefined && answered === id);
    if (place !== -1) answers[place] = undefined;
    return place !== -1;
  };
  const made: unknown = message.tool_calls;
  const calls = (Array.isArray(made) ? (made as (WireToolCall | null)[]) : []).flatMap((call): ToolCall[] => {
    if (!call?.function || isAnswered(call.id)) return [];
    const { name } = call.function;
    const rawArguments = argumentsText(call.function.arguments);
    const parsed = parseArguments(rawArguments);
    const base = { id: call.id, name, rawArguments };
    return [parsed.ok ? { ...base, arguments: parsed.value } : { ...base, invalid: true }];
  });
  return { calls, message };
}
