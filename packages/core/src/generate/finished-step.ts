import type { ToolCall } from "../tools/tool-types.js";
import type { Cost, Usage } from "../usage/usage.js";
import type { Accumulator, Answer } from "./accumulator.js";
import type { AnswerFacts, Step } from "./generate-result.js";
import { present } from "./present.js";

/** What is known of an answer besides what it says itself. */
export interface StepFacts extends Pick<AnswerFacts, "openRouterCache" | "fromCache"> {
  usage: Usage | undefined;
  cost: Cost | undefined;
  generationId: string | undefined;
  /** The model that was asked, where the answer names none. */
  model: string | undefined;
}

/** A whole answer as a step of the result. */
export function finishedStep(
  accumulator: Accumulator,
  { message, toolCalls, finishReason }: Answer,
  { usage, cost, generationId, model, openRouterCache, fromCache }: StepFacts,
): { step: Step; toolCalls: ToolCall[] } {
  const step: Step = {
    text: accumulator.text,
    reasoning: accumulator.reasoning,
    message,
    toolCalls,
    toolResults: [],
    finishReason,
    model: accumulator.model ?? model ?? "",
    ...present({
      refusal: accumulator.refusal,
      rawFinishReason: accumulator.rawFinishReason,
      nativeFinishReason: accumulator.nativeFinishReason,
      usage,
      cost,
      servedBy: accumulator.servedBy,
      generationId,
      ...accumulator.facts,
      openRouterCache,
      fromCache,
    }),
  };
  return { step, toolCalls };
}
