import type { Route } from "../catalogue/route-request.js";
import { alphanumerics, type Random } from "../random/random.js";

type Words = Readonly<Record<string, string>>;

const anthropic: Words = { stop: "end_turn", length: "max_tokens", tool_calls: "tool_use" };
const google: Words = { stop: "STOP", length: "MAX_TOKENS", tool_calls: "STOP" };
const ordinary: Words = { stop: "stop", length: "length", tool_calls: "tool_calls" };

/** The word a model's vendor has for a finish reason. */
export function nativeFinishReason(finishReason: string | null, modelId: string): string | null {
  if (finishReason === null) return null;
  const words = modelId.startsWith("anthropic/") ? anthropic : modelId.startsWith("google/") ? google : ordinary;
  return words[finishReason] ?? finishReason;
}

/** An id for a tool call, in the spelling of the provider that makes it. */
export function toolCallId(name: string, { model, endpoint }: Route, random: Random): string {
  if (model.id.startsWith("anthropic/"))
    return `toolu_${endpoint.providerSlug === "amazon-bedrock" ? "bdrk_" : ""}01${random.text(22, alphanumerics)}`;
  if (model.id.startsWith("google/")) return `tool_${name}_${random.text(20, alphanumerics)}`;
  return `call_${random.text(24, alphanumerics)}`;
}
