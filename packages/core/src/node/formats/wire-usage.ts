import type { GenerateResult } from "../../generate/generate-result.js";

/** Usage and cost in OpenRouter's wire shape; undefined where nothing was told. */
export function toWireUsage({ usage, cost }: Pick<GenerateResult, "usage" | "cost">): object | undefined {
  if (usage === undefined && cost === undefined) return undefined;
  return {
    ...(usage && {
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      total_tokens: usage.totalTokens,
      prompt_tokens_details: { cached_tokens: usage.cachedTokens, cache_write_tokens: usage.cacheWriteTokens },
      completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    }),
    ...(cost && {
      cost: cost.usd,
      is_byok: cost.isByok,
      cost_details: { upstream_inference_cost: cost.upstreamUsd },
    }),
  };
}
