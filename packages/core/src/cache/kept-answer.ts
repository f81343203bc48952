import type { Accumulator } from "../generate/accumulator.js";
import type { Step } from "../generate/generate-result.js";
import { present } from "../generate/present.js";
import type { ChatCompletion } from "../messages/chat-body.js";

/** An answer in wire shape, whole, streamed or not: what a later call is told. How it was routed is not kept. */
export function keptAnswer(accumulator: Accumulator, step: Step): ChatCompletion {
  const { tool_calls, ...message } = step.message;
  const { id, model, servedBy, usage, rawFinishReason, nativeFinishReason, facts } = accumulator;
  const choice = present({ finish_reason: rawFinishReason, native_finish_reason: nativeFinishReason });
  return {
    object: "chat.completion",
    ...present({ id: id ?? step.generationId, model, provider: servedBy, service_tier: facts.serviceTier }),
    choices: [{ index: 0, message: { ...message, ...present({ tool_calls }) }, ...choice }],
    ...present({ usage }),
  };
}
