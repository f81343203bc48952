import type { JsonObject } from "../json.js";
import { type Money, money, usd } from "./exact-money.js";

/** Tokens of one generation, as the simulator counts them. */
export interface TokenCounts {
  prompt: number;
  /** Reasoning included. */
  completion: number;
  reasoning: number;
  /** Of the prompt. @default none */
  cached?: CachedTokens | undefined;
}

/** Tokens of a prompt that its provider had read before, and those that it keeps from now on. */
export interface CachedTokens {
  read: number;
  written: number;
}

const notCached: CachedTokens = { read: 0, written: 0 };

/** What a generation costs at a model's prices. */
export function costOf(
  tokens: TokenCounts,
  pricing: Readonly<Record<string, string>>,
): { prompt: Money; completion: Money; total: Money } {
  const { read, written } = tokens.cached ?? notCached;
  const each = pricing.prompt ?? "0";
  const prompt =
    BigInt(tokens.prompt - read - written) * money(each) +
    BigInt(read) * money(pricing.input_cache_read ?? each) +
    BigInt(written) * money(pricing.input_cache_write ?? each);
  const completion = BigInt(tokens.completion) * money(pricing.completion ?? "0");
  return { prompt, completion, total: prompt + completion + money(pricing.request ?? "0") };
}

/** The `usage` block, in the order of keys that OpenRouter writes. */
export function usageBlock(tokens: TokenCounts, pricing: Readonly<Record<string, string>>): JsonObject {
  const cost = costOf(tokens, pricing);
  const { read, written } = tokens.cached ?? notCached;
  return {
    prompt_tokens: tokens.prompt,
    completion_tokens: tokens.completion,
    total_tokens: tokens.prompt + tokens.completion,
    cost: usd(cost.total),
    is_byok: false,
    prompt_tokens_details: { cached_tokens: read, cache_write_tokens: written, audio_tokens: 0, video_tokens: 0 },
    cost_details: {
      upstream_inference_cost: usd(cost.total),
      upstream_inference_prompt_cost: usd(cost.prompt),
      upstream_inference_completions_cost: usd(cost.completion),
    },
    completion_tokens_details: { reasoning_tokens: tokens.reasoning, image_tokens: 0, audio_tokens: 0 },
  };
}
