/** A place where the request could have gone. */
export interface RouterEndpoint {
  provider: string;
  model: string;
  selected: boolean;
}

/** A plugin, guardrail or tool that changed the request or the answer. `data` is its own. */
export interface RouterStage {
  type: string;
  name?: string | undefined;
  summary?: string | undefined;
  data?: Readonly<Record<string, unknown>> | undefined;
  cost_usd?: number | undefined;
  guardrail_id?: string | undefined;
  guardrail_scope?: string | undefined;
}

/**
 * How OpenRouter routed a request, in wire shape, passed through unchecked: fields and words may be added or missing.
 * Comes with `routerMetadata: true`, never with an answer out of its cache. Source: OpenRouter's `openrouter_metadata`.
 */
export interface RouterMetadata {
  /** The id that was asked for. */
  requested: string;
  strategy: "direct" | "auto" | "free" | "latest" | "alias" | "fallback" | (string & {});
  region: string | null;
  /** One line for people. */
  summary: string;
  /** Which attempt succeeded, from 1; 0 where no provider was reached. */
  attempt: number;
  is_byok: boolean;
  endpoints: { total: number; available: readonly RouterEndpoint[] };
  attempts?: readonly { provider: string; model: string; status: number }[] | undefined;
  params?: Readonly<Record<string, unknown>> | undefined;
  pipeline?: readonly RouterStage[] | undefined;
}

/** Whether an answer came out of OpenRouter's store of whole answers. A hit is free: its usage counts nothing. */
export interface OpenRouterCacheAnswer {
  status: "hit" | "miss";
  /** How long ago the answer was stored; told with a hit. */
  ageMs?: number | undefined;
  /** How long it may still be given. */
  ttlMs?: number | undefined;
  /** The generation that was stored; told with a hit. */
  sourceId?: string | undefined;
}
