import type { Attempt } from "../errors/llm-error.js";
import type { AssistantMessage, Message } from "../messages/message.js";
import type { ToolCall } from "../tools/tool-types.js";
import { addCost } from "../usage/read-cost.js";
import { addUsage } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";
import type { Annotation, AudioAnswer, GenerateResult, Image, Step, Warning } from "./generate-result.js";
import type { PreparedCall } from "./prepare-call.js";
import { present } from "./present.js";

/** What the steps of a run have given so far. */
export interface RunTotals {
  call: PreparedCall;
  steps: Step[];
  newMessages: Message[];
  attempts: Attempt[];
  warnings: Warning[];
  open: ToolCall[];
  raw: unknown;
  annotations?: Annotation[];
  images?: Image[];
  audio?: AudioAnswer | undefined;
  logprobs?: unknown;
  firstTokenMs?: number | undefined;
}

/** Puts the steps together as the result's contract says: sums over all, words of the last. */
export function assembleResult(totals: RunTotals, message: AssistantMessage, totalMs: number): GenerateResult {
  const { call, steps } = totals;
  const last = steps.at(-1);
  const refusal = steps.map((step) => step.refusal ?? "").join("");
  return {
    text: steps.map((step) => step.text).join(""),
    reasoning: steps.map((step) => step.reasoning).join(""),
    message,
    newMessages: totals.newMessages,
    toolCalls: totals.open,
    steps,
    annotations: totals.annotations ?? [],
    images: totals.images ?? [],
    raw: totals.raw,
    finishReason: last?.finishReason ?? (totals.open.length > 0 ? "tool_calls" : "unknown"),
    model: last?.model ?? call.model.sent,
    ...present({
      refusal: refusal === "" ? undefined : refusal,
      audio: audioOf(totals),
      logprobs: totals.logprobs as object | undefined,
      rawFinishReason: last?.rawFinishReason,
      nativeFinishReason: last?.nativeFinishReason,
      usage: sumUsage(steps),
      cost: sumCost(steps),
      servedBy: last?.servedBy,
      generationId: last?.generationId,
      serviceTier: last?.serviceTier,
      routerMetadata: last?.routerMetadata,
      openRouterCache: last?.openRouterCache,
      debug: last?.debug,
      fromCache: steps.length > 0 && steps.every((step) => step.fromCache) ? (true as const) : undefined,
    }),
    resolvedModel: call.model,
    warnings: totals.warnings,
    attempts: totals.attempts,
    timing: { ...present({ firstTokenMs: totals.firstTokenMs }), totalMs },
  };
}

function audioOf({ audio, call }: RunTotals): AudioAnswer | undefined {
  return audio && { ...audio, format: call.request.audio?.format ?? audio.format };
}

function sumUsage(steps: readonly Step[]): Usage | undefined {
  return steps.reduce<Usage | undefined>((sum, step) => addUsage(sum, step.usage), undefined);
}

function sumCost(steps: readonly Step[]): Cost | undefined {
  return steps.reduce<Cost | undefined>((sum, step) => addCost(sum, step.cost), undefined);
}
