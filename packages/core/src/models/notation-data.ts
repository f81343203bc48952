/** The model used where nobody names one, in the original notation. */
export const DEFAULT_MODEL = "anthropic/claude-3-haiku:beta";

/** A model id with its list price in USD per million tokens: prompt, completion. */
export type Priced = readonly [id: string, prompt: number, completion: number];

/** A model that is gone, and who comes closest to it today. */
export interface Retirement {
  /** List price when it was last offered. */
  price: readonly [prompt: number, completion: number];
  /** Closest first. The prices are for when no catalogue is at hand. */
  successors: readonly Priced[];
}

const SONNET: Priced = ["anthropic/claude-sonnet-4.5", 3, 15];

/** Ids that OpenRouter no longer serves. A successor is only taken where it is not dearer than the old model was. */
export const RETIRED: Readonly<Record<string, Retirement>> = {
  "anthropic/claude-2": { price: [8, 24], successors: [SONNET] },
  "anthropic/claude-2.1": { price: [8, 24], successors: [SONNET] },
  "anthropic/claude-3-sonnet": { price: [3, 15], successors: [SONNET] },
  "anthropic/claude-3-opus": { price: [15, 75], successors: [["anthropic/claude-opus-4.5", 5, 25]] },
  "anthropic/claude-3.5-sonnet": { price: [3, 15], successors: [SONNET] },
  "anthropic/claude-3.5-sonnet-20240620": { price: [3, 15], successors: [SONNET] },
  "anthropic/claude-3.5-haiku": { price: [0.8, 4], successors: [["anthropic/claude-haiku-4.5", 1, 5]] },
  "anthropic/claude-3.7-sonnet": { price: [3, 15], successors: [SONNET] },
  "google/gemini-pro-1.5": {
    price: [1.25, 5],
    successors: [
      ["google/gemini-2.5-pro", 1.25, 10],
      ["google/gemini-2.5-flash", 0.3, 2.5],
    ],
  },
  "google/gemini-flash-1.5": {
    price: [0.075, 0.3],
    successors: [
      ["google/gemini-2.5-flash-lite", 0.1, 0.4],
      ["google/gemma-3-12b-it", 0.05, 0.15],
    ],
  },
  "google/gemini-2.0-flash-001": { price: [0.1, 0.4], successors: [["google/gemini-2.5-flash-lite", 0.1, 0.4]] },
  "cohere/command-r-plus": { price: [2.85, 14.25], successors: [["cohere/command-r-plus-08-2024", 2.5, 10]] },
  "cohere/command-r": { price: [0.475, 1.425], successors: [["cohere/command-r-08-2024", 0.15, 0.6]] },
};

/** Suffixes of the original notation that name a provider, and its slug on OpenRouter. `beta` is the vendor's own. */
export const PROVIDER_SUFFIXES: Readonly<Record<string, string>> = {
  aws: "amazon-bedrock",
  bedrock: "amazon-bedrock",
  together: "together",
  google: "google-vertex",
  vertex: "google-vertex",
  azure: "azure",
};

/** Suffixes that OpenRouter knows; they are sent. */
export const VARIANTS: ReadonlySet<string> = new Set([
  "free",
  "batch",
  "thinking",
  "extended",
  "nitro",
  "floor",
  "exacto",
  "online",
]);

/** Variants that choose among the endpoints of a model instead of naming a listed one of its own. */
export const ROUTING_VARIANTS: ReadonlySet<string> = new Set(["nitro", "floor", "exacto", "online"]);

/** Providers whose slug is not the vendor's name in model ids. */
export const VENDOR_PROVIDERS: Readonly<Record<string, string>> = {
  google: "google-ai-studio",
  mistralai: "mistral",
  "x-ai": "xai",
  qwen: "alibaba",
};

/** Providers known to serve nothing of a vendor: routing to them can only fall back. */
export const NEVER_SERVES: Readonly<Record<string, readonly string[]>> = {
  together: ["anthropic", "openai", "google", "cohere", "x-ai"],
  azure: ["anthropic", "google", "meta-llama"],
  "google-vertex": ["openai", "cohere"],
  "amazon-bedrock": ["google", "x-ai"],
};

/** The models of the original guide, as it writes them. */
export const GUIDE_MODELS = [
  "anthropic/claude-3-haiku:beta",
  "anthropic/claude-3-sonnet:beta",
  "anthropic/claude-3.5-sonnet:beta",
  "openai/gpt-4o-mini",
  "openai/gpt-4o",
  "openai/gpt-4o-2024-08-06",
  "google/gemini-pro-1.5",
  "google/gemini-flash-1.5",
  "meta/llama-3.1-8b-instruct",
  "meta/llama-3.1-70b-instruct",
  "mistralai/mistral-large",
  "cohere/command-r-plus",
] as const;

/** The guide's prices in USD per million tokens, prompt and completion: what an estimate falls back to. */
export const GUIDE_PRICES: Readonly<Record<string, readonly [number, number]>> = {
  "anthropic/claude-3-haiku": [0.25, 1.25],
  "openai/gpt-4o-mini": [0.15, 0.6],
  "google/gemini-flash-1.5": [0.075, 0.3],
  "anthropic/claude-3.5-sonnet": [3, 15],
};
