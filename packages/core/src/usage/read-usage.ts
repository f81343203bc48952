import type { Usage } from "./usage.js";
import { countOf, recordOf } from "./wire-number.js";

/**
 * Reads the tokens of a wire `usage` object. Counts that are no whole numbers are dropped; a total that was not told
 * is the sum of what was. Undefined where no count was told at all.
 */
export function readUsage(raw: unknown): Usage | undefined {
  const wire = recordOf(raw);
  if (!wire) return undefined;
  const prompt = countOf(wire.prompt_tokens) ?? countOf(wire.input_tokens);
  const completion = countOf(wire.completion_tokens) ?? countOf(wire.output_tokens);
  const total = countOf(wire.total_tokens);
  if (prompt === undefined && completion === undefined && total === undefined) return undefined;
  const ofPrompt = recordOf(wire.prompt_tokens_details) ?? recordOf(wire.input_tokens_details) ?? {};
  const ofCompletion = recordOf(wire.completion_tokens_details) ?? recordOf(wire.output_tokens_details) ?? {};
  const usage: Usage = {
    promptTokens: prompt ?? Math.max(0, (total ?? 0) - (completion ?? 0)),
    completionTokens: completion ?? (prompt === undefined ? 0 : Math.max(0, (total ?? 0) - prompt)),
    totalTokens: total ?? Math.min((prompt ?? 0) + (completion ?? 0), Number.MAX_SAFE_INTEGER),
    raw,
  };
  const details = {
    cachedTokens: countOf(ofPrompt.cached_tokens),
    cacheWriteTokens: countOf(ofPrompt.cache_write_tokens),
    reasoningTokens: countOf(ofCompletion.reasoning_tokens),
  };
  for (const [name, count] of Object.entries(details)) {
    if (count !== undefined) usage[name as keyof typeof details] = count;
  }
  return usage;
}

/**
 * Reads the tokens of a generation look-up's `data`: the provider's own counts, which are what is billed, else
 * OpenRouter's; `raw` holds these only. Undefined where it tells none.
 */
export function usageOfGeneration(data: unknown): Usage | undefined {
  const generation = recordOf(data);
  return readUsage({
    prompt_tokens: generation?.native_tokens_prompt ?? generation?.tokens_prompt,
    completion_tokens: generation?.native_tokens_completion ?? generation?.tokens_completion,
    prompt_tokens_details: { cached_tokens: generation?.native_tokens_cached },
    completion_tokens_details: {
      reasoning_tokens: generation?.native_tokens_reasoning,
      image_tokens: generation?.native_tokens_completion_images,
    },
  });
}

/** The tokens of two calls together; `raw` is the later one's. */
export function addUsage(first: Usage | undefined, second: Usage | undefined): Usage | undefined {
  if (!first || !second) return second ?? first;
  const sum: Usage = {
    promptTokens: first.promptTokens + second.promptTokens,
    completionTokens: first.completionTokens + second.completionTokens,
    totalTokens: first.totalTokens + second.totalTokens,
    raw: second.raw,
  };
  for (const name of ["cachedTokens", "cacheWriteTokens", "reasoningTokens"] as const) {
    if (first[name] !== undefined || second[name] !== undefined) sum[name] = (first[name] ?? 0) + (second[name] ?? 0);
  }
  return sum;
}
