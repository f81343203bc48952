/** Thresholds by percentile of what was measured over the last five minutes. */
export interface Percentiles {
  p50?: number | undefined;
  p75?: number | undefined;
  p90?: number | undefined;
  p99?: number | undefined;
}

/**
 * Which providers may serve a call, and in which order. Sent as `provider`; a call's options win over the scope's and
 * the client's, key by key. Source: OpenRouter's provider selection.
 */
export interface ProviderRouting {
  /** Slugs (`openai`, `google-vertex/us-east5`, `openai/priority`) in the order they are tried; switches load balancing off. */
  order?: string[] | undefined;
  /** No provider but these, within what the account allows. */
  only?: string[] | undefined;
  /** None of these, beside those that the account ignores. */
  ignore?: string[] | undefined;
  /** Others may serve when those asked for cannot. @default true */
  allowFallbacks?: boolean | undefined;
  /** Only providers that know every parameter of the request; others leave out what they do not know. @default false */
  requireParameters?: boolean | undefined;
  /** `deny`: no provider that keeps prompts or may train on them. @default "allow" */
  dataCollection?: "allow" | "deny" | undefined;
  /** Only endpoints that retain nothing; can tighten the account's setting, never loosen it. */
  zdr?: boolean | undefined;
  /** Only models whose authors allow distillation. */
  enforceDistillableText?: boolean | undefined;
  /** What providers are sorted by, which switches load balancing off; `partition: "none"` sorts across all models asked. */
  sort?:
    | "price"
    | "throughput"
    | "latency"
    | "exacto"
    | (string & {})
    | { by: string; partition?: "model" | "none" | undefined }
    | undefined;
  /** A hard filter: USD per million tokens, or per request, image, or unit of audio. */
  maxPrice?:
    | {
        prompt?: number | undefined;
        completion?: number | undefined;
        request?: number | undefined;
        image?: number | undefined;
        audio?: number | undefined;
      }
    | undefined;
  /** Only endpoints with these quantizations: `fp16`, `int8`, … */
  quantizations?: string[] | undefined;
  /** Tokens per second below which a provider is tried last; a number is the median. */
  preferredMinThroughput?: number | Percentiles | undefined;
  /** Seconds above which a provider is tried last; a number is the median. */
  preferredMaxLatency?: number | Percentiles | undefined;
}
