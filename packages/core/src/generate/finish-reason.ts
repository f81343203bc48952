import type { ToolCall } from "../tools/tool-types.js";
import type { FinishReason } from "./generate-result.js";

const KNOWN: ReadonlyMap<string, FinishReason> = new Map([
  ["stop", "stop"],
  ["length", "length"],
  ["tool_calls", "tool_calls"],
  ["function_call", "tool_calls"],
  ["content_filter", "content_filter"],
  ["error", "error"],
]);
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
  if (broken && (isCut(native) || isCut(raw))) return "length";
  const word = (raw === undefined ? undefined : KNOWN.get(raw.toLowerCase())) ?? "unknown";
  return calls.length > 0 && (word === "stop" || word === "unknown") ? "tool_calls" : word;
}

function isCut(word: string | undefined): boolean {
  return word !== undefined && CUT.has(word.toLowerCase());
}
