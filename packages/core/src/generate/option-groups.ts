import type { ResponseCacheOptions } from "../cache/response-cache.js";
import { kept, type OptionTable, sent } from "./option-table.js";
import type { ProviderRouting } from "./provider-routing.js";
import type { ReasoningOptions } from "./reasoning-options.js";
import type { RetryOptions, TimeoutOptions } from "./request-timing.js";
import { either, flag, number, object, oneOf, recordOf, text, texts, whole } from "./value-checks.js";
import type { OpenRouterCacheOptions } from "./wire-options.js";

const amounts = recordOf(number(0));
const threshold = either("a number of 0 or more, or such numbers by percentile", number(0), amounts);
const wait = kept(number(0, Number.MAX_SAFE_INTEGER));

/** Every routing preference, with its name on the wire. */
export const ROUTING_OPTIONS: OptionTable<ProviderRouting> = {
  order: sent("order", texts()),
  only: sent("only", texts()),
  ignore: sent("ignore", texts()),
  allowFallbacks: sent("allow_fallbacks", flag),
  requireParameters: sent("require_parameters", flag),
  dataCollection: sent("data_collection", oneOf("allow", "deny")),
  zdr: sent("zdr", flag),
  enforceDistillableText: sent("enforce_distillable_text", flag),
  sort: sent("sort", either("a text that is not empty, or an object", object, text())),
  maxPrice: sent("max_price", amounts),
  quantizations: sent("quantizations", texts()),
  preferredMinThroughput: sent("preferred_min_throughput", threshold),
  preferredMaxLatency: sent("preferred_max_latency", threshold),
};

/** How a model thinks, with the names on the wire. */
export const REASONING_OPTIONS: OptionTable<ReasoningOptions> = {
  effort: sent("effort", text()),
  maxTokens: sent("max_tokens", whole(1)),
  exclude: sent("exclude", flag),
  enabled: sent("enabled", flag),
  summary: sent("summary", text()),
  context: sent("context", text()),
  mode: sent("mode", text()),
};

export const OPENROUTER_CACHE_OPTIONS: OptionTable<OpenRouterCacheOptions> = {
  ttlMs: kept(number(1_000, 86_400_000)),
  clear: kept(flag),
};

export const RESPONSE_CACHE_OPTIONS: OptionTable<ResponseCacheOptions> = {
  ttlMs: kept(whole(1)),
};

export const TIMEOUT_OPTIONS: OptionTable<TimeoutOptions> = {
  connectMs: wait,
  firstTokenMs: wait,
  idleMs: wait,
  totalMs: wait,
};

export const RETRY_OPTIONS: OptionTable<RetryOptions> = {
  maxRetries: kept(whole(0)),
  baseDelayMs: wait,
  maxDelayMs: wait,
  maxTotalMs: wait,
};
