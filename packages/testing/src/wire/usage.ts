import type { JsonObject } from "../json.js";
import { type Money, money, usd } from "./exact-money.js";

/** Tokens of one generation, as the simulator counts them. */
export interface TokenCounts {
  prompt: number;
  /** Reasoning included. */
  completion: number;
  reasoning: number;
}

/** What a generation costs at a model's prices. */
export function costOf(
  tokens: TokenCounts,
  pricing: Readonly<Record<string, string>>,
): { prompt: Money; completion: Money; total: Money } {
  const prompt = BigInt(tokens.prompt) * money(pricing.prompt ?? "0");
  const completion = BigInt(tokens.completion) * money(pricing.completion ?? "0");
  return { prompt, completion, total: prompt + completion + money(pricing.request ?? "0") };
}

/** The `usage` block, in the order of keys that OpenRouter writes. */
export function usageBlock(tokens: TokenCounts, pricing: Readonly<Record<string, string>>): JsonObject {
  const cost = costOf(tokens, pricing);
  return {
    prompt_tokens: tokens.prompt,
    completion_tokens: tokens.completion,
    total_tokens: tokens.prompt + tokens.completion,
    cost: usd(cost.total),
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0, video_tokens: 0 },
    cost_details: {
      upstream_inference_cost: usd(cost.total),
      upstream_inference_prompt_cost: usd(cost.prompt),
      upstream_inference_completions_cost: usd(cost.completion),
    },
    completion_tokens_details: { reasoning_tokens: tokens.reasoning, image_tokens: 0, audio_tokens: 0 },
  };
}
