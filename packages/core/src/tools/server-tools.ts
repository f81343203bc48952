import type { CacheControl } from "../messages/message.js";

/** Where the user is, roughly. */
export interface UserLocation {
  type?: "approximate" | undefined;
  city?: string | null | undefined;
  region?: string | null | undefined;
  /** Two letters. */
  country?: string | null | undefined;
  timezone?: string | null | undefined;
}

/** How a search is done; others than these pass through. */
export type SearchMode =
  | "instant"
  | "fast"
  | "auto"
  | "deep-lite"
  | "deep"
  | "deep-reasoning"
  | "turbo"
  | "basic"
  | "advanced"
  | (string & {});

export interface WebSearchParameters {
  engine?: "auto" | "native" | "exa" | "parallel" | "firecrawl" | "perplexity" | (string & {}) | undefined;
  mode?: SearchMode | undefined;
  /** For each search. @default 5 */
  max_results?: number | undefined;
  /** For the whole answer. @default 50 */
  max_total_results?: number | undefined;
  max_uses?: number | undefined;
  max_characters?: number | undefined;
  search_context_size?: "low" | "medium" | "high" | undefined;
  /** Not together with `excluded_domains`. */
  allowed_domains?: string[] | undefined;
  excluded_domains?: string[] | undefined;
  user_location?: UserLocation | undefined;
}

export interface WebFetchParameters {
  engine?: "auto" | "native" | "openrouter" | "exa" | "parallel" | "firecrawl" | (string & {}) | undefined;
  max_uses?: number | undefined;
  max_content_tokens?: number | undefined;
  allowed_domains?: string[] | undefined;
  blocked_domains?: string[] | undefined;
}

/** How another model, asked on the way, is to think. */
export interface NestedReasoning {
  effort?: "max" | "xhigh" | "high" | "medium" | "low" | "minimal" | "none" | (string & {}) | undefined;
  max_tokens?: number | undefined;
}

/** What the tools share that ask another model. */
export interface NestedModelParameters {
  model?: string | undefined;
  max_completion_tokens?: number | undefined;
  temperature?: number | undefined;
  reasoning?: NestedReasoning | undefined;
}

export interface AdvisorParameters extends NestedModelParameters {
  name?: string | undefined;
  instructions?: string | undefined;
  forward_transcript?: boolean | undefined;
  stream?: boolean | undefined;
}

export interface SubagentParameters extends NestedModelParameters {
  name?: string | undefined;
  instructions?: string | undefined;
  tools?: readonly object[] | undefined;
  /** At most 25. */
  max_tool_calls?: number | undefined;
  inherit_functions?: boolean | undefined;
  inherited_function_names?: string[] | undefined;
}

export interface FusionParameters extends NestedModelParameters {
  /** 1 to 8. */
  analysis_models?: string[] | undefined;
  /** 1 to 16. @default 4 */
  max_tool_calls?: number | undefined;
  tools?: readonly { type: string; parameters?: object | undefined }[] | undefined;
  cache_control?: CacheControl | undefined;
}

export interface BashParameters {
  engine?: "auto" | "native" | "openrouter" | (string & {}) | undefined;
  environment?: { type: string; [field: string]: unknown } | undefined;
  sleep_after_seconds?: number | undefined;
}

/** The server tools this version knows, with what each takes. */
export interface ServerToolParameters {
  "openrouter:web_search": WebSearchParameters;
  "openrouter:web_fetch": WebFetchParameters;
  "openrouter:datetime": { timezone?: string | undefined };
  /** `model` and the settings of a picture, such as `aspect_ratio`. */
  "openrouter:image_generation": { model?: string | undefined; [setting: string]: unknown };
  "openrouter:advisor": AdvisorParameters;
  "openrouter:subagent": SubagentParameters;
  "openrouter:fusion": FusionParameters;
  "openrouter:files": Record<string, never>;
  "openrouter:bash": BashParameters;
  "openrouter:experimental__search_models": { max_results?: number | undefined };
}

/** A server tool of a kind this version knows: `satisfies KnownServerTool` checks its parameters. */
export type KnownServerTool = {
  [T in keyof ServerToolParameters]: { type: T; parameters?: ServerToolParameters[T] | undefined };
}[keyof ServerToolParameters];

/** OpenAI's short forms of a web search, which OpenRouter takes for its own. */
export interface WebSearchShorthand extends WebSearchParameters {
  type: "web_search" | "web_search_preview" | "web_search_preview_2025_03_11" | "web_search_2025_08_26";
  parameters?: WebSearchParameters | undefined;
}

/** A server tool that this version does not name. */
export interface OtherServerTool {
  type: `openrouter:${string}`;
  parameters?: object | undefined;
}

/**
 * A tool that OpenRouter runs itself, such as `openrouter:web_search`; sent as it is. Its calls do not come back: what
 * it did shows in `annotations` and in the usage. Open: tools of a later day pass.
 */
export type ServerTool = KnownServerTool | WebSearchShorthand | OtherServerTool;
