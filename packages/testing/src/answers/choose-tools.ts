import type { JsonObject } from "../json.js";
import { isJsonObject } from "../json.js";
import { lastUserText, proseOf, type WireMessage } from "../text/prompt-text.js";
import { salientWords } from "../text/salient-words.js";
import { ApiError } from "../wire/api-error.js";
import { type FunctionTool, forcedToolName, functionTools } from "./function-tools.js";

/**
 * Which tools an answer calls:
 * - `tool_choice: "none"` or no tools: none. A named tool: that one, always.
 * - otherwise a tool is wanted where the user's last message mentions its name, a word of its name or description, or
 *   speaks of "tool(s)" / "工具"; `required` falls back to the first tool.
 * - a tool that was called since the user's last message is not called again (`required` takes the next one, or starts
 *   over); with results in hand and `auto`, only `parallel_tool_calls: false` goes on to the next wanted tool.
 * - several wanted tools are called in parallel, in the order of `tools`, unless `parallel_tool_calls` is false.
 */
export function chooseTools(body: JsonObject, messages: readonly WireMessage[]): FunctionTool[] {
  const tools = functionTools(body.tools);
  if (tools.length === 0 || body.tool_choice === "none") return [];
  const forced = forcedToolName(body);
  if (forced !== undefined) {
    const named = tools.find((tool) => tool.name === forced);
    if (!named) throw new ApiError(400, `Tool choice '${forced}' not found in 'tools' parameter.`);
    return [named];
  }
  const sequential = body.parallel_tool_calls === false;
  const required = body.tool_choice === "required" || body.tool_choice === "any";
  const called = calledTools(messages);
  const hasResults = messages.at(-1)?.role === "tool";
  const wanted = wantedTools(tools, messages).filter((tool) => !called.has(tool.name));
  if (hasResults && !required && !sequential) return [];
  if (wanted.length > 0) return sequential || (required && hasResults) ? wanted.slice(0, 1) : wanted;
  if (!required) return [];
  return [tools.find((tool) => !called.has(tool.name)) ?? (tools[0] as FunctionTool)];
}

function calledTools(messages: readonly WireMessage[]): Set<string> {
  const since = messages.findLastIndex((message) => message.role === "user");
  const names = messages
    .slice(since + 1)
    .flatMap(({ tool_calls: calls }) =>
      Array.isArray(calls)
        ? calls.map((call) => (isJsonObject(call) && isJsonObject(call.function) ? String(call.function.name) : ""))
        : [],
    );
  return new Set(names);
}

function wantedTools(tools: readonly FunctionTool[], messages: readonly WireMessage[]): FunctionTool[] {
  const prompt = lastUserText(messages).toLowerCase();
  const asked = new Set(salientWords(proseOf(prompt), 200).map(stem));
  const named = tools.filter(({ name }) => prompt.includes(name.toLowerCase()));
  const byWord = tools.filter((tool) => named.includes(tool) || toolWords(tool).some((word) => asked.has(word)));
  if (byWord.length > 0) return byWord;
  return /\btools?\b|工具/.test(prompt) ? tools.slice(0, 1) : [];
}

function toolWords({ name, description }: FunctionTool): string[] {
  const spoken = name.replace(/([a-z\d])([A-Z])/g, "$1 $2").replace(/[_.-]+/g, " ");
  return salientWords(`${spoken} ${description}`, 60)
    .map(stem)
    .filter((word) => !tooCommon.has(word));
}

/** Words of tool descriptions that say nothing about when to call them. */
const tooCommon = new Set([
  "current",
  "fetch",
  "find",
  "look",
  "lookup",
  "run",
  "perform",
  "execute",
  "information",
  "info",
  "specific",
  "today",
  "time",
  "city",
  "location",
  "name",
  "queri",
  "text",
  "查询",
  "获取",
  "当前",
  "执行",
]);

function stem(word: string): string {
  return word
    .toLowerCase()
    .replace(/(?<=[a-z]{3})ies$/, "y")
    .replace(/(?<=[a-z]{3})(?:s|ing|ed)$/, "");
}
