/** Tokens of a call, or of several: what upstream counted. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  /** Prompt tokens read from a cache. */
  cachedTokens?: number | undefined;
  /** Prompt tokens written to a cache. */
  cacheWriteTokens?: number | undefined;
  /** Completion tokens spent on reasoning. */
  reasoningTokens?: number | undefined;
  /** The usage object as it came; over several steps the last one. */
  raw: unknown;
}

/** Money of a call in USD. 0 is not undefined. */
export interface Cost {
  /** What OpenRouter billed. */
  usd: number;
  /** What the provider behind it charged, where told. */
  upstreamUsd?: number | undefined;
  /** The call ran on the caller's own provider key: `usd` is only the fee, `upstreamUsd` goes to the provider. */
  isByok: boolean;
  /** Everything the call cost: `usd`, plus `upstreamUsd` for BYOK. */
  totalUsd: number;
  /** Told with the answer, looked up afterwards, or computed from list prices. */
  source: "provider" | "generation" | "estimate";
}
