import type { JsonObject } from "../json.js";

/** What a model is asked for. */
export type ModelKind = "chat" | "embeddings" | "rerank";

/** How a model thinks before it answers; absent for models that do not. */
export interface ReasoningSpec {
  /** Think without being asked. @default true */
  defaultEnabled?: boolean | undefined;
  /** Thinking cannot be switched off. @default false */
  mandatory?: boolean | undefined;
  /** `format` of its `reasoning_details`. @default "unknown" */
  format?: string | undefined;
}

/** A model to add to the simulator's catalogue; what is left out gets an ordinary value. */
export interface ModelSpec {
  /** `author/slug`, with a static variant such as `:free` where it has one. */
  id: string;
  /** @default "chat" */
  kind?: ModelKind | undefined;
  /** Name of the dated version, which answers carry in `model`. @default the id */
  canonicalSlug?: string | undefined;
  name?: string | undefined;
  /** Seconds since the epoch. */
  created?: number | undefined;
  /** Tokens. @default 128000 */
  contextLength?: number | undefined;
  /** Tokens; null where the model sets no limit. @default 16384 */
  maxCompletionTokens?: number | null | undefined;
  /** USD per token as decimal strings. @default free */
  pricing?: ({ prompt: string; completion: string } & Record<string, string>) | undefined;
  /** @default the usual sampling parameters with tools and structured outputs */
  supportedParameters?: readonly string[] | undefined;
  /** @default ["text"] */
  inputModalities?: readonly string[] | undefined;
  /** Provider slugs that serve it, the preferred one first. @default the author's own */
  providers?: readonly string[] | undefined;
  /** Other ids that mean this model, such as `~anthropic/claude-sonnet-latest`. */
  aliases?: readonly string[] | undefined;
  reasoning?: ReasoningSpec | undefined;
  /** Length of an embedding. @default 1536 */
  dimensions?: number | undefined;
  /** Rerank models bill by search unit (USD each) or, without this, by token. */
  searchUnitPrice?: string | undefined;
}

/** One provider's offer of a model. */
export interface ModelEndpoint {
  providerSlug: string;
  providerName: string;
  pricing: Record<string, string>;
  supportedParameters: readonly string[];
}

/** A model as the simulator holds it. */
export interface SimulatedModel {
  id: string;
  kind: ModelKind;
  canonicalSlug: string;
  contextLength: number;
  maxCompletionTokens: number | null;
  endpoints: readonly ModelEndpoint[];
  aliases: readonly string[];
  reasoning: Required<{ [K in keyof ReasoningSpec]: NonNullable<ReasoningSpec[K]> }> | undefined;
  dimensions: number;
  searchUnitPrice: string | undefined;
  /** Its entry in GET /models. */
  entry: JsonObject;
}
