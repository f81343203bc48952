import type { SearchMode, UserLocation } from "../tools/server-tools.js";

/** Searches the web before the model answers. OpenRouter recommends the tool `openrouter:web_search` in its place. */
export interface WebPlugin {
  id: "web";
  enabled?: boolean | undefined;
  engine?: "native" | "exa" | "firecrawl" | "parallel" | "perplexity" | (string & {}) | undefined;
  mode?: SearchMode | undefined;
  /** @default 5 */
  max_results?: number | undefined;
  max_uses?: number | undefined;
  search_prompt?: string | undefined;
  include_domains?: string[] | undefined;
  exclude_domains?: string[] | undefined;
  user_location?: UserLocation | null | undefined;
}

/** Reads pages that the conversation names. */
export interface WebFetchPlugin {
  id: "web-fetch";
  max_uses?: number | undefined;
  max_content_tokens?: number | undefined;
  allowed_domains?: string[] | undefined;
  blocked_domains?: string[] | undefined;
}

/** Turns PDFs into text for models that do not read them. */
export interface FileParserPlugin {
  id: "file-parser";
  enabled?: boolean | undefined;
  pdf?: { engine?: "mistral-ocr" | "cloudflare-ai" | "native" | "pdf-text" | (string & {}) | undefined } | undefined;
  max_files?: number | undefined;
}

/** Mends malformed JSON; for answers that are not streamed and have a JSON `response_format`. */
export interface ResponseHealingPlugin {
  id: "response-healing";
  enabled?: boolean | undefined;
}

/** Shortens what does not fit the context; on by default for contexts of up to 8,192 tokens. */
export interface ContextCompressionPlugin {
  id: "context-compression";
  enabled?: boolean | undefined;
  engine?: "middle-out" | (string & {}) | undefined;
}

/** Has the prompt judged before a model sees it. */
export interface ModerationPlugin {
  id: "moderation";
}

interface RouterSettings {
  enabled?: boolean | undefined;
  /** Patterns with `*`. */
  allowed_models?: string[] | undefined;
  excluded_models?: string[] | undefined;
  cost_tier?: "low" | "medium" | "high" | "xhigh" | "max" | undefined;
  /** 0 to 10; `cost_tier` has taken its place. */
  cost_quality_tradeoff?: number | undefined;
}

/** Settings of the model `openrouter/auto`. */
export interface AutoRouterPlugin extends RouterSettings {
  id: "auto-router";
  pin_model?: boolean | undefined;
}

/** Settings of the model `openrouter/auto-beta`; those of the other router are ignored there. */
export interface AutoBetaRouterPlugin extends RouterSettings {
  id: "auto-beta-router";
}

/** Settings of the model `openrouter/pareto-code`. */
export interface ParetoRouterPlugin {
  id: "pareto-router";
  enabled?: boolean | undefined;
  /** 0 to 1. */
  min_coding_score?: number | undefined;
  max_price?: number | undefined;
  price_source?: "prompt" | "weighted_avg" | undefined;
}

/** Several models answer, one makes one answer of theirs. */
export interface FusionPlugin {
  id: "fusion";
  enabled?: boolean | undefined;
  preset?: "general-high" | "general-budget" | "general-fast" | (string & {}) | undefined;
  /** 1 to 8. */
  analysis_models?: string[] | undefined;
  model?: string | undefined;
  /** 1 to 16. @default 4 */
  max_tool_calls?: number | undefined;
  tools?: readonly { type: string; parameters?: object | undefined }[] | undefined;
}

/** Settings of a router that picks the model. */
export interface SwitchyardRouterPlugin {
  id: "switchyard-router";
  enabled?: boolean | undefined;
  algorithm?: "capability" | "stage" | "auto" | "random" | "composite" | "passthrough" | (string & {}) | undefined;
}

/** The plugins this version knows: `satisfies KnownPlugin` checks their settings. */
export type KnownPlugin =
  | WebPlugin
  | WebFetchPlugin
  | FileParserPlugin
  | ResponseHealingPlugin
  | ContextCompressionPlugin
  | ModerationPlugin
  | AutoRouterPlugin
  | AutoBetaRouterPlugin
  | ParetoRouterPlugin
  | FusionPlugin
  | SwitchyardRouterPlugin;

/** A plugin that this version does not name. */
export interface OtherPlugin {
  id: string;
  [setting: string]: unknown;
}

/** Something OpenRouter does around the answer, in wire shape; sent as it is. Open: plugins of a later day pass. */
export type Plugin = KnownPlugin | OtherPlugin;
