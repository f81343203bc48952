import { createError, extendError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import { redactBody } from "../errors/redact-secrets.js";
import { assembleResult, type RunTotals } from "./assemble-result.js";
import { abortError } from "./call-signal.js";
import type { GenerateResult, Step } from "./generate-result.js";
import { present } from "./present.js";
import type { Turn } from "./turn.js";

/** The error a run ends with: what was thrown, with every attempt and everything that had arrived. */
export function explain(thrown: unknown, totals: RunTotals, turn: Turn | undefined, totalMs: number): LLMError {
  const error = asLLMError(thrown, totals.call.signal.signal);
  return extendError(error, {
    attempts: [...totals.attempts, ...(turn?.exchange.attempts ?? [])],
    partial: error.partial ?? partialOf(totals, turn, totalMs),
    model: error.model ?? turn?.accumulator.model ?? totals.call.model.sent,
    servedBy: error.servedBy ?? turn?.accumulator.servedBy,
    generationId: error.generationId ?? turn?.generationId,
  });
}

/** What is no error of ours was thrown by a tool, an approval or a stop condition of the caller's. */
function asLLMError(thrown: unknown, signal: AbortSignal): LLMError {
  if (signal.aborted && (thrown === signal.reason || !LLMError.is(thrown))) return abortError(signal);
  if (LLMError.is(thrown)) return thrown;
  return createError("tool", thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}

/** Everything that had arrived, in the shape of a result. */
function partialOf(totals: RunTotals, turn: Turn | undefined, totalMs: number): Partial<GenerateResult> {
  if (turn === undefined) {
    return assembleResult(totals, totals.steps.at(-1)?.message ?? { role: "assistant", content: "" }, totalMs);
  }
  const step = unfinishedStep(totals, turn);
  const { accumulator } = turn;
  const all: RunTotals = {
    ...totals,
    steps: [...totals.steps, step],
    open: step.toolCalls,
    raw: redactBody(accumulator.raw, turn.exchange.secrets),
    annotations: [...(totals.annotations ?? []), ...accumulator.annotations],
    images: [...(totals.images ?? []), ...accumulator.images],
    firstTokenMs: totals.firstTokenMs ?? turn.firstTokenMs,
  };
  return assembleResult(all, step.message, totalMs);
}

function unfinishedStep(totals: RunTotals, turn: Turn): Step {
  const { accumulator } = turn;
  const { message, toolCalls } = accumulator.finish((position) => `call_${turn.generationId ?? "none"}_${position}`);
  return {
    text: accumulator.text,
    reasoning: accumulator.reasoning,
    message,
    toolCalls,
    toolResults: [],
    finishReason: "error",
    ...present({
      refusal: accumulator.refusal,
      rawFinishReason: accumulator.rawFinishReason,
      nativeFinishReason: accumulator.nativeFinishReason,
      ...turn.exchange.books.read(accumulator.usage),
    }),
    model: accumulator.model ?? totals.call.model.sent,
    ...present({ servedBy: accumulator.servedBy, generationId: turn.generationId, ...accumulator.facts }),
  };
}
