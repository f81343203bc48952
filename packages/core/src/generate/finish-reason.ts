import type { ToolCall } from "../tools/tool-types.js";
import type { FinishReason } from "./generate-result.js";

const KNOWN: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "content_filter",
  error: "error",
};
const CUT = new Set(["length", "max_tokens", "max_output_tokens"]);

/**
 * One word for why an answer ended. Calls count more than the word beside them, except that a cut answer whose
 * arguments are not whole is `length`, whatever the finish word says; no word at all is `unknown`.
 */
export function unifyFinishReason(
  raw: string | undefined,
  native: string | undefined,
  calls: readonly ToolCall[],
): FinishReason {
  const broken = calls.some((call) => call.invalid);
  if (broken && (CUT.has((native ?? "").toLowerCase()) || CUT.has((raw ?? "").toLowerCase()))) return "length";
  const word = raw === undefined ? undefined : (KNOWN[raw.toLowerCase()] ?? "unknown");
  if (calls.length > 0 && (word === undefined || word === "stop" || word === "unknown")) return "tool_calls";
  return word ?? "unknown";
}
