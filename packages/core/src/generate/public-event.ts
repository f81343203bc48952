import { createError } from "../errors/error-classes.js";
import { publicErrorBody } from "../errors/public-error.js";
import type { Usage } from "../usage/usage.js";
import type { GenerateResult } from "./generate-result.js";
import type { StreamEvent } from "./stream-event.js";

/** What a client learns of a tool that failed: the tool's own words are the server's business. */
const TOOL_FAILED = publicErrorBody(createError("tool", "")).error.message;

/**
 * What a browser gets of a result: text and what stands beside it, the finish words, tokens, money, model and
 * warnings. Left out: the messages for the history, the steps, upstream's raw answer, attempts and routing.
 */
export type PublicResult = Pick<
  GenerateResult,
  | "text"
  | "reasoning"
  | "refusal"
  | "toolCalls"
  | "annotations"
  | "images"
  | "audio"
  | "finishReason"
  | "rawFinishReason"
  | "nativeFinishReason"
  | "cost"
  | "model"
  | "servedBy"
  | "generationId"
  | "fromCache"
  | "warnings"
  | "timing"
> & { usage?: Omit<Usage, "raw"> | undefined; object?: unknown; strategy?: unknown };

/** Picks that part; of a structured result also `object` and `strategy`. `usage` comes without upstream's own object. */
export function publicResult(result: GenerateResult): PublicResult {
  const { object, strategy } = result as { object?: unknown; strategy?: unknown };
  return {
    ...(object === undefined ? {} : { object, strategy }),
    text: result.text,
    reasoning: result.reasoning,
    refusal: result.refusal,
    toolCalls: result.toolCalls,
    annotations: result.annotations,
    images: result.images,
    audio: result.audio,
    finishReason: result.finishReason,
    rawFinishReason: result.rawFinishReason,
    nativeFinishReason: result.nativeFinishReason,
    usage: publicUsage(result.usage),
    cost: result.cost,
    model: result.model,
    servedBy: result.servedBy,
    generationId: result.generationId,
    fromCache: result.fromCache,
    warnings: result.warnings,
    timing: result.timing,
  };
}

export function publicUsage(usage: Usage | undefined): Omit<Usage, "raw"> | undefined {
  if (usage === undefined) return undefined;
  const { raw: _raw, ...counts } = usage;
  return counts;
}

/** An event as a client may see it; undefined for one that is none of its business. */
export function publicEvent(event: StreamEvent, expose: boolean | undefined): object | undefined {
  switch (event.type) {
    case "keep-alive":
      return undefined;
    case "finish":
      return { type: "finish", result: publicResult(event.result) };
    case "step-finish":
      return { ...event, usage: publicUsage(event.usage) };
    case "tool-result":
      return event.isError && !expose ? { ...event, result: { error: TOOL_FAILED } } : event;
    default:
      return event;
  }
}

/** The text of a tool's failure for formats that have a place for one. */
export function toolFailureText(result: unknown, expose: boolean | undefined): string {
  if (!expose) return TOOL_FAILED;
  const { error } = (typeof result === "object" && result !== null ? result : {}) as { error?: unknown };
  return typeof error === "string" ? error : (JSON.stringify(result) ?? TOOL_FAILED);
}
