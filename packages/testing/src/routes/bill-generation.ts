import type { Exchange } from "../delivery/exchange.js";
import type { JsonObject } from "../json.js";
import type { Simulation } from "../simulation.js";
import { type Completion, finishWords, shownReasoning } from "../wire/completion.js";
import { money } from "../wire/exact-money.js";
import { usageBlock } from "../wire/usage.js";

/** Bills a generation when its answer ends: in full, or what had been written of a stream that was left or broken. */
export function billWhenDone(
  simulation: Simulation,
  exchange: Exchange,
  completion: Completion,
  promptTokens: number,
): void {
  const { entry } = exchange;
  const startedAt = simulation.clock.now();
  exchange.onEnd = (clientLeft) => {
    const usage = entry.stream ? usageAfter(completion, promptTokens, exchange.tokensWritten) : completion.usage;
    const cost = typeof usage.cost === "number" ? usage.cost : 0;
    entry.usage = usage;
    entry.cost = cost;
    simulation.account.spend(money(cost));
    simulation.generations.remember(
      completion.id,
      generationData(completion, exchange, usage, clientLeft, simulation.clock.now() - startedAt),
    );
  };
}

/** The usage of a stream of which so many tokens were written; reasoning that is not shown was made before them. */
export function usageAfter(completion: Completion, prompt: number, written: number): JsonObject {
  const { tokenized, route, cached, sourceId } = completion;
  if (sourceId !== undefined) return completion.usage;
  const shown = shownReasoning(completion).length;
  const hidden = tokenized.reasoning.length - shown;
  const whole =
    shown + tokenized.text.length + tokenized.callArguments.reduce((sum, pieces) => sum + pieces.length + 1, 0);
  if (written >= whole) return completion.usage;
  const counts = { prompt, completion: hidden + written, reasoning: hidden + Math.min(written, shown), cached };
  return usageBlock(counts, route.endpoint.pricing);
}

function generationData(
  completion: Completion,
  { entry }: Exchange,
  usage: JsonObject,
  cancelled: boolean,
  elapsedMs: number,
): JsonObject {
  const words = finishWords(completion);
  const reasoning = usage.completion_tokens_details as JsonObject | undefined;
  const promptDetails = usage.prompt_tokens_details as JsonObject | undefined;
  return {
    id: completion.id,
    upstream_id: null,
    request_id: `req-${completion.id.slice(4)}`,
    api_type: "completions",
    model: completion.route.model.canonicalSlug,
    provider_name: completion.route.endpoint.providerName,
    created_at: new Date(completion.created * 1000).toISOString(),
    streamed: entry.stream,
    cancelled,
    finish_reason: cancelled ? null : words.finish_reason,
    native_finish_reason: cancelled ? null : words.native_finish_reason,
    tokens_prompt: usage.prompt_tokens ?? 0,
    tokens_completion: usage.completion_tokens ?? 0,
    native_tokens_prompt: usage.prompt_tokens ?? 0,
    native_tokens_completion: usage.completion_tokens ?? 0,
    native_tokens_reasoning: reasoning?.reasoning_tokens ?? 0,
    native_tokens_cached: promptDetails?.cached_tokens ?? 0,
    native_tokens_completion_images: 0,
    usage: entry.cost ?? 0,
    total_cost: entry.cost ?? 0,
    upstream_inference_cost: entry.cost ?? 0,
    cache_discount: null,
    is_byok: false,
    latency: 0,
    generation_time: elapsedMs,
    moderation_latency: null,
    data_region: "global",
    workspace_id: null,
    response_cache_source_id: completion.sourceId ?? null,
    num_fetches: null,
    num_input_audio_prompt: null,
    num_media_prompt: null,
    num_media_completion: null,
    num_search_results: completion.tokenized.answer.annotations.length || null,
    origin: entry.headers["http-referer"] ?? "",
    http_referer: entry.headers["http-referer"] ?? null,
    user_agent: entry.headers["user-agent"] ?? null,
    external_user: typeof entry.json.user === "string" ? entry.json.user : null,
    session_id: typeof entry.json.session_id === "string" ? entry.json.session_id : null,
    app_id: null,
    preset_id: null,
    router: null,
    service_tier: null,
    web_search_engine: null,
    provider_responses: null,
  };
}
