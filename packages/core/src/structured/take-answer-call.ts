import type { FinishReason, GenerateResult, Step } from "../generate/generate-result.js";
import type { AssistantMessage, Message } from "../messages/message.js";

/**
 * A result in which the call that carried the answer is text again: nobody has to answer it, the conversation can go
 * on from `newMessages`, and the turn ended as one that gave its answer.
 *
 * @param text - the arguments that are the answer
 */
export function takeAnswerCall(result: GenerateResult, toolName: string, text: string): GenerateResult {
  const { message, others } = rewriteMessage(result.message, toolName, text);
  const last = result.steps.at(-1);
  const steps = last === undefined ? [] : [...result.steps.slice(0, -1), rewriteStep(last, toolName, message, text)];
  const toolCalls = result.toolCalls.filter((call) => call.name !== toolName);
  return {
    ...result,
    text: steps.map((step) => step.text).join(""),
    message,
    newMessages: result.newMessages
      .flatMap((old) => (old === result.message ? (others ?? message) : old))
      .concat(others ? [message] : []),
    toolCalls,
    steps,
    finishReason: endOf(result.finishReason, toolCalls.length),
  };
}

/** Calls of the caller's own tools beside it keep their message, as their answers follow it. */
function rewriteMessage(
  message: AssistantMessage,
  toolName: string,
  text: string,
): { message: AssistantMessage; others?: Message } {
  const { tool_calls, ...rest } = message;
  const kept = (tool_calls ?? []).filter((call) => call.function?.name !== toolName);
  if (kept.length === 0) return { message: { ...rest, content: text } };
  return { message: { role: "assistant", content: text }, others: { ...rest, tool_calls: kept } };
}

function rewriteStep(step: Step, toolName: string, message: AssistantMessage, text: string): Step {
  const toolCalls = step.toolCalls.filter((call) => call.name !== toolName);
  return { ...step, text, message, toolCalls, finishReason: endOf(step.finishReason, toolCalls.length) };
}

function endOf(reason: FinishReason, callsLeft: number): FinishReason {
  return reason === "tool_calls" && callsLeft === 0 ? "stop" : reason;
}
