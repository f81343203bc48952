/** What tokens cost in USD per million, exact where it came as a decimal. A kind that is absent has no price of its own. */
export interface TokenPrices {
  promptPerMillion: number;
  completionPerMillion: number;
  /** Prompt tokens read from a cache; absent: as prompt. */
  cacheReadPerMillion?: number | undefined;
  /** Prompt tokens written to a cache, for five minutes where a provider has several times; absent: as prompt. */
  cacheWritePerMillion?: number | undefined;
  /** Prompt tokens written to a cache for an hour; absent: as `cacheWritePerMillion`. */
  cacheWrite1hPerMillion?: number | undefined;
  /** Prompt tokens of sound; absent: as prompt. */
  audioPerMillion?: number | undefined;
  /** Answer tokens of sound; absent: as completion. */
  audioOutputPerMillion?: number | undefined;
  /** Answer tokens of pictures; absent: as completion. */
  imageOutputPerMillion?: number | undefined;
  /** Answer tokens of thinking; absent: as completion. */
  reasoningPerMillion?: number | undefined;
}

/** Other prices under a condition. All conditions must hold; among several that apply the later wins, price by price. */
export interface PriceOverride extends Partial<TokenPrices> {
  /** Applies to prompts of more tokens than this. */
  minPromptTokens?: number | undefined;
  /** Applies from this time of day in UTC, written HHMM: 1030 is half past ten. */
  utcStart?: number | undefined;
  /** Applies until before this time of day; a window may run over midnight. */
  utcEnd?: number | undefined;
  /** There is a condition that this package does not know: it never applies to estimates, only to upper bounds. */
  conditionUnknown?: true | undefined;
}

/** List price of a model or of one provider's offer. */
export interface ModelPrice extends TokenPrices {
  /** USD per request, on top. */
  perRequest?: number | undefined;
  /** USD per picture in the prompt, on top. */
  perImage?: number | undefined;
  /** USD per web search, on top. */
  perWebSearch?: number | undefined;
  /** The share, from 0 to 1, that is taken off everything. */
  discount?: number | undefined;
  overrides?: readonly PriceOverride[] | undefined;
}

/** How a model thinks. */
export interface ModelReasoning {
  /** It cannot be switched off. */
  mandatory: boolean;
  /** It thinks without being asked. */
  defaultEnabled: boolean;
  defaultEffort?: string | undefined;
  supportedEfforts?: string[] | undefined;
}

/** A model of the catalogue. */
export interface ModelInfo {
  id: string;
  name: string;
  description?: string | undefined;
  /** The dated name behind the id, which answers may carry as their `model`. */
  canonicalSlug?: string | undefined;
  /** The model that an alias (`~vendor/family-latest`) stands for today. */
  aliasOf?: string | undefined;
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  inputModalities: string[];
  outputModalities: string[];
  /** Request fields the model understands, in wire names: `tools`, `structured_outputs`, `reasoning`, … */
  supportedParameters: string[];
  reasoning?: ModelReasoning | undefined;
  /** Absent where it depends on the model that a router picks, or was not told. */
  price?: ModelPrice | undefined;
  /** Seconds since 1970. */
  created?: number | undefined;
  /** The day (YYYY-MM-DD) after which the model may be gone. */
  expirationDate?: string | undefined;
  /** The day up to which it was trained. */
  knowledgeCutoff?: string | undefined;
  isModerated?: boolean | undefined;
  /** The catalogue row as OpenRouter sent it; absent on rows of the bundled snapshot. */
  raw?: unknown;
}

/** Which models `models.list()` keeps, and in which order. Everything given must hold. */
export interface ModelFilter {
  /** Words that all stand in the id or the name, any case. */
  search?: string | undefined;
  vendor?: string | readonly string[] | undefined;
  /** Wire names of request fields; all of them. */
  supports?: string | readonly string[] | undefined;
  /** What it reads: `image`, `audio`, `file`, `video`; all of them. */
  inputModality?: string | readonly string[] | undefined;
  /** What it makes; all of them. */
  outputModality?: string | readonly string[] | undefined;
  minContextLength?: number | undefined;
  minCompletionTokens?: number | undefined;
  /** USD per million tokens. */
  maxPromptPerMillion?: number | undefined;
  maxCompletionPerMillion?: number | undefined;
  free?: boolean | undefined;
  /** Keeps what has no expiration date, or one on this day or later: a Date, or YYYY-MM-DD. */
  servedOn?: Date | string | undefined;
  /**
   * `price`: cheapest first, a prompt token counting as much as a completion token; `context`: longest first;
   * `newest`; `name`. What a model does not tell puts it last. Default: catalogue order.
   */
  sort?: "price" | "context" | "newest" | "name" | undefined;
  /** At most this many, after sorting. */
  limit?: number | undefined;
}

/** A figure over the last half hour, by percentile. */
export interface Percentiles {
  p50: number;
  p75: number;
  p90: number;
  p99: number;
}

/** One provider's offer of a model. */
export interface ModelEndpoint {
  providerName: string;
  /** The slug to put into `routing.order` or `routing.only`. */
  tag: string;
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  maxPromptTokens?: number | undefined;
  supportedParameters: string[];
  quantization?: string | undefined;
  price?: ModelPrice | undefined;
  /** 0 is well; below 0 it is degraded or off. */
  status?: number | undefined;
  /** Percent of requests served in the last half hour. */
  uptimePercent?: number | undefined;
  /** Milliseconds to the first token. */
  latencyMs?: Percentiles | undefined;
  /** Tokens a second. */
  throughput?: Percentiles | undefined;
  /** It caches prompts without being asked. */
  implicitCaching?: boolean | undefined;
  raw: unknown;
}

/** Wire names of the provider preferences a notation asks for. */
export interface NotationRouting {
  order?: string[] | undefined;
  only?: string[] | undefined;
  allowFallbacks?: boolean | undefined;
}

/** How a model id was read and what is sent for it. */
export interface ResolvedModel {
  /** The id as the caller wrote it. */
  requested: string;
  /** The id that goes out. */
  sent: string;
  /** Provider preferences that the notation asked for (`:beta:aws`). */
  routing?: NotationRouting | undefined;
  /** Variants that were kept (`free`, `nitro`, …). */
  variants: string[];
  /** The retired id that was replaced by `sent`. */
  substituted?: { from: string; to: string; reason: string } | undefined;
  warnings: { code: string; message: string }[];
  /** Near ids, where the id cannot be sent as it is. */
  suggestions?: string[] | undefined;
}
