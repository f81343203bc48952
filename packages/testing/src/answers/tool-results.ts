import { isJsonObject } from "../json.js";
import { messageText, type WireMessage } from "../text/prompt-text.js";

/** What a tool answered since the user's last message. */
export interface ToolResult {
  name: string;
  content: string;
}

const maxQuoted = 600;

export function toolResults(messages: readonly WireMessage[]): ToolResult[] {
  const since = messages.findLastIndex((message) => message.role === "user");
  const recent = messages.slice(since + 1);
  const names = new Map<string, string>();
  for (const { tool_calls: calls } of recent) {
    if (!Array.isArray(calls)) continue;
    for (const call of calls) {
      if (isJsonObject(call) && isJsonObject(call.function)) names.set(String(call.id), String(call.function.name));
    }
  }
  return recent
    .filter((message) => message.role === "tool")
    .map((message) => ({
      name: names.get(String(message.tool_call_id)) ?? "tool",
      content: quoted(messageText(message)),
    }));
}

/** JSON results are quoted as they are, long ones shortened. */
function quoted(content: string): string {
  const text = content.trim();
  return text.length > maxQuoted ? `${text.slice(0, maxQuoted)}…` : text;
}
