/** OpenRouter's words for how hard to think, hardest first; others pass through. */
export type ReasoningEffort = "max" | "xhigh" | "high" | "medium" | "low" | "minimal" | "none" | (string & {});

/** How a model that can think does so. `effort` and `maxTokens` exclude each other. Source: OpenRouter's `reasoning`. */
export interface ReasoningOptions {
  /** `none` switches thinking off where that is possible. @default the model's */
  effort?: ReasoningEffort | undefined;
  /** The most tokens to think with, 1 or more. */
  maxTokens?: number | undefined;
  /** Think, but do not send the thoughts. @default false */
  exclude?: boolean | undefined;
  /** Think with the model's own defaults. */
  enabled?: boolean | undefined;
  /** How the thoughts are summed up, by models that only show a summary. */
  summary?: "auto" | "concise" | "detailed" | (string & {}) | undefined;
  /** Which turns' thoughts the model sees again. */
  context?: "auto" | "all_turns" | "current_turn" | (string & {}) | undefined;
  mode?: "standard" | "pro" | (string & {}) | undefined;
}
