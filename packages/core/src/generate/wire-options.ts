/** Text the answer will mostly repeat, so that it comes faster; OpenAI's predicted outputs. */
export interface Prediction {
  type: "content";
  content: string | { type: "text"; text: string }[];
}

/** How a model with a search of its own searches. Source: OpenRouter's `web_search_options`. */
export interface WebSearchOptions {
  search_context_size?: "low" | "medium" | "high" | undefined;
  user_location?: object | null | undefined;
}

/** Explicit breakpoints only: parts marked with `prompt_cache_breakpoint` are cached, nothing else. GPT-5.6 and newer. */
export interface PromptCacheOptions {
  mode: "explicit";
  /** Such as `30m`. */
  ttl?: string | null | undefined;
}

/** Ends OpenRouter's own tool loop; the first condition that holds does. */
export type StopServerToolsWhen =
  | { type: "step_count_is"; step_count: number }
  | { type: "has_tool_call"; tool_name: string }
  | { type: "max_tokens_used"; max_tokens: number }
  | { type: "max_cost"; max_cost_in_dollars: number }
  | { type: "finish_reason_is"; reason: string };

/** What OpenRouter's Broadcast sends to observability tools; keys of your own become metadata there. */
export interface Trace {
  trace_id?: string | undefined;
  trace_name?: string | undefined;
  span_name?: string | undefined;
  generation_name?: string | undefined;
  parent_span_id?: string | undefined;
  [key: string]: unknown;
}

/** Streams only: the answer comes with the body that went to each provider, as `debug` of the result. */
export interface DebugOptions {
  echo_upstream_body?: boolean | undefined;
}

/** How OpenRouter's own store of whole answers is used; `true` switches it on. */
export interface OpenRouterCacheOptions {
  /** How long the answer may be given again, 1,000 to 86,400,000; sent in whole seconds, rounded up. @default 300_000 */
  ttlMs?: number | undefined;
  /** Throws away what is stored for this request and asks anew. @default false */
  clear?: boolean | undefined;
}
