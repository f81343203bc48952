/** List price in USD per million tokens, exact where it came as a decimal. */
export interface ModelPrice {
  promptPerMillion: number;
  completionPerMillion: number;
  cacheReadPerMillion?: number | undefined;
  cacheWritePerMillion?: number | undefined;
  /** USD per request, on top. */
  perRequest?: number | undefined;
}

/** A model of the catalogue. */
export interface ModelInfo {
  id: string;
  name: string;
  description?: string | undefined;
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  inputModalities: string[];
  outputModalities: string[];
  /** Request fields the model understands, in wire names: `tools`, `structured_outputs`, `reasoning`, … */
  supportedParameters: string[];
  /** Absent where it depends on the model that a router picks, or was not told. */
  price?: ModelPrice | undefined;
  created?: number | undefined;
  /** The catalogue row as OpenRouter sent it; absent on rows of the bundled snapshot. */
  raw?: unknown;
}

/** Which models `models.list()` keeps. Everything given must hold. */
export interface ModelFilter {
  /** Part of the id or the name, any case. */
  search?: string | undefined;
  vendor?: string | undefined;
  supports?: string | string[] | undefined;
  inputModality?: string | undefined;
  outputModality?: string | undefined;
  minContextLength?: number | undefined;
  maxPromptPerMillion?: number | undefined;
  maxCompletionPerMillion?: number | undefined;
  free?: boolean | undefined;
}

/** One provider's offer of a model. */
export interface ModelEndpoint {
  providerName: string;
  /** The slug to put into `routing.order` or `routing.only`. */
  tag: string;
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  supportedParameters: string[];
  price?: ModelPrice | undefined;
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
