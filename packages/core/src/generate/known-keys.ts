import type { LLMClientOptions, Policy, ScopeOptions } from "../client/client-options.js";
import { createError } from "../errors/error-classes.js";
import type { Budget } from "../limits/budget-store.js";
import type { Limits } from "../limits/limit-store.js";
import { nearest } from "../models/nearest.js";
import type { EmbedRequest } from "./embed.js";
import type {
  GenerateRequest,
  ProviderRouting,
  ReasoningOptions,
  RetryOptions,
  TimeoutOptions,
} from "./generate-request.js";
import type { RerankRequest } from "./rerank.js";
import type { StructuredRequest } from "./structured-types.js";

/** Every key of `T`, complete by its type: a key that is missing or too many does not compile. */
const keysOf = <T>(keys: Record<keyof Required<T>, true>): readonly string[] => Object.keys(keys);

export const ROUTING_KEYS = keysOf<ProviderRouting>({
  order: true,
  only: true,
  ignore: true,
  allowFallbacks: true,
  requireParameters: true,
  dataCollection: true,
  zdr: true,
  enforceDistillableText: true,
  sort: true,
  maxPrice: true,
  quantizations: true,
  preferredMinThroughput: true,
  preferredMaxLatency: true,
});

export const REASONING_KEYS = keysOf<ReasoningOptions>({
  effort: true,
  maxTokens: true,
  exclude: true,
  enabled: true,
  summary: true,
});

export const POLICY_KEYS = keysOf<Policy>({
  zdr: true,
  dataCollection: true,
  allowModels: true,
  denyModels: true,
  maxPrice: true,
});

export const LIMITS_KEYS = keysOf<Limits>({
  requestsPerMinute: true,
  maxConcurrency: true,
  freeRequestsPerMinute: true,
  onLimit: true,
  maxWaitMs: true,
});

export const BUDGET_KEYS = keysOf<Budget>({ usd: true, per: true, key: true, unknownPrice: true });

export const RETRY_KEYS = keysOf<RetryOptions>({
  maxRetries: true,
  baseDelayMs: true,
  maxDelayMs: true,
  maxTotalMs: true,
});

export const TIMEOUT_KEYS = keysOf<TimeoutOptions>({
  connectMs: true,
  firstTokenMs: true,
  idleMs: true,
  totalMs: true,
});

export const SCOPE_KEYS = keysOf<ScopeOptions>({
  user: true,
  metadata: true,
  apiKey: true,
  signal: true,
  budget: true,
  limits: true,
  policy: true,
  model: true,
  temperature: true,
  maxTokens: true,
  routing: true,
  timeouts: true,
  retry: true,
});

export const CLIENT_OPTION_KEYS = keysOf<LLMClientOptions>({
  provider: true,
  apiKey: true,
  baseURL: true,
  model: true,
  temperature: true,
  maxTokens: true,
  disableThinking: true,
  appName: true,
  appUrl: true,
  routing: true,
  policy: true,
  strictModels: true,
  modelNotation: true,
  retry: true,
  timeouts: true,
  limits: true,
  budget: true,
  budgetStore: true,
  limitStore: true,
  models: true,
  fetch: true,
  dispatcher: true,
  env: true,
  logger: true,
  clock: true,
});

const GENERATE: Record<keyof Required<GenerateRequest>, true> = {
  prompt: true,
  messages: true,
  system: true,
  model: true,
  fallbackModels: true,
  temperature: true,
  maxTokens: true,
  topP: true,
  topK: true,
  minP: true,
  topA: true,
  seed: true,
  stop: true,
  frequencyPenalty: true,
  presencePenalty: true,
  repetitionPenalty: true,
  logitBias: true,
  logprobs: true,
  topLogprobs: true,
  reasoning: true,
  tools: true,
  toolChoice: true,
  parallelToolCalls: true,
  maxSteps: true,
  stopWhen: true,
  onMaxSteps: true,
  onToolError: true,
  approvals: true,
  routing: true,
  plugins: true,
  modalities: true,
  audio: true,
  cache: true,
  user: true,
  sessionId: true,
  metadata: true,
  serviceTier: true,
  verbosity: true,
  preset: true,
  extraBody: true,
  headers: true,
  signal: true,
  timeouts: true,
  retry: true,
};

export const GENERATE_REQUEST_KEYS = keysOf<GenerateRequest>(GENERATE);

export const STRUCTURED_REQUEST_KEYS = keysOf<StructuredRequest>({
  ...GENERATE,
  schema: true,
  schemaName: true,
  schemaDescription: true,
  strategy: true,
  reasks: true,
  partials: true,
});

export const EMBED_REQUEST_KEYS = keysOf<EmbedRequest>({
  input: true,
  model: true,
  dimensions: true,
  encodingFormat: true,
  inputType: true,
  user: true,
  routing: true,
  extraBody: true,
  headers: true,
  signal: true,
  timeouts: true,
  retry: true,
});

export const RERANK_REQUEST_KEYS = keysOf<RerankRequest>({
  query: true,
  documents: true,
  model: true,
  topN: true,
  user: true,
  routing: true,
  extraBody: true,
  headers: true,
  signal: true,
  timeouts: true,
  retry: true,
});

/** One sentence for each key of `object` that is not known, with the nearest known one. Empty: all are known. */
export function unknownKeys(where: string, object: unknown, knownKeys: readonly string[]): string[] {
  if (typeof object !== "object" || object === null) return [];
  const known = new Set(knownKeys);
  return Object.keys(object)
    .filter((key) => !known.has(key))
    .map((key) => {
      const [meant] = nearest(key, knownKeys);
      const shown = key.length > 80 ? `${key.slice(0, 80)}…` : key;
      return `unknown key "${shown}" in ${where}${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
    });
}

/**
 * Refuses keys that this package does not know, so that a slip of the pen never goes unnoticed.
 *
 * @throws InvalidRequestError `invalid_request`, naming each key and the nearest known one
 */
export function refuseUnknownKeys(where: string, object: unknown, knownKeys: readonly string[]): void {
  const mistakes = unknownKeys(where, object, knownKeys);
  if (mistakes.length > 0) throw createError("invalid_request", mistakes.join("; "));
}
