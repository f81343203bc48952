import type { LLMClientOptions, Policy, ScopeOptions } from "../client/client-options.js";
import { createError } from "../errors/error-classes.js";
import type { Budget } from "../limits/budget-store.js";
import type { Limits } from "../limits/limit-store.js";
import { nearest } from "../models/nearest.js";
import { EXTRA_BODY_ONLY } from "./extra-body-only.js";
import type { GenerateRequest } from "./generate-request.js";
import { RETRY_OPTIONS, ROUTING_OPTIONS, TIMEOUT_OPTIONS } from "./option-groups.js";
import { REQUEST_OPTIONS } from "./request-options.js";
import type { StructuredRequest } from "./structured-types.js";

/** Every key of `T`, complete by its type: a key that is missing or too many does not compile. */
const keysOf = <T>(keys: Record<keyof Required<T>, true>): readonly string[] => Object.keys(keys);

export const ROUTING_KEYS = Object.keys(ROUTING_OPTIONS);

export const POLICY_KEYS = keysOf<Policy>({
  zdr: true,
  dataCollection: true,
  allowModels: true,
  denyModels: true,
  maxPrice: true,
});

export const LIMITS_KEYS = keysOf<Limits>({
  requestsPerMinute: true,
  tokensPerMinute: true,
  usdPerMinute: true,
  maxConcurrency: true,
  freeRequestsPerMinute: true,
  onLimit: true,
  maxWaitMs: true,
});

export const BUDGET_KEYS = keysOf<Budget>({ usd: true, per: true, key: true, unknownPrice: true });

export const RETRY_KEYS = Object.keys(RETRY_OPTIONS);
export const TIMEOUT_KEYS = Object.keys(TIMEOUT_OPTIONS);

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
  appCategories: true,
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
  responseCache: true,
  ledger: true,
  breaker: true,
  models: true,
  fetch: true,
  dispatcher: true,
  env: true,
  logger: true,
  telemetry: true,
  clock: true,
});

export const STRUCTURED_REQUEST_KEYS = [
  ...Object.keys(REQUEST_OPTIONS),
  ...keysOf<Omit<StructuredRequest, keyof GenerateRequest>>({
    schema: true,
    schemaName: true,
    schemaDescription: true,
    strategy: true,
    reasks: true,
    partials: true,
  }),
];

/** Options whose names on the wire are spelled quite differently, or like another option. */
const TWINS: Readonly<Record<string, string>> = {
  models: "fallbackModels",
  provider: "routing",
  cache_control: "cache",
};

/**
 * One sentence for each key of `object` that is not known, with the nearest known one. Empty: all are known.
 *
 * @param reasons - why wire fields have no key, by their names
 */
export function unknownKeys(
  where: string,
  object: unknown,
  knownKeys: readonly string[],
  reasons: Readonly<Record<string, string>> = {},
): string[] {
  if (typeof object !== "object" || object === null) return [];
  const known = new Set(knownKeys);
  return Object.keys(object)
    .filter((key) => !known.has(key))
    .map((key) => {
      const field = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      if (Object.hasOwn(reasons, field)) return `unknown key "${key}" in ${where}: ${reasons[field]}`;
      const twin = Object.hasOwn(TWINS, field) ? TWINS[field] : undefined;
      const [meant] = twin !== undefined && known.has(twin) ? [twin] : nearest(key, knownKeys);
      const shown = key.length > 80 ? `${key.slice(0, 80)}…` : key;
      return `unknown key "${shown}" in ${where}${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
    });
}

/**
 * Refuses keys of a request that this package does not know, so that a slip of the pen never goes unnoticed.
 *
 * @throws InvalidRequestError `invalid_request`, naming each key and the nearest known one, or why it has none
 */
export function refuseUnknownKeys(where: string, object: unknown, knownKeys: readonly string[]): void {
  const mistakes = unknownKeys(where, object, knownKeys, EXTRA_BODY_ONLY);
  if (mistakes.length > 0) throw createError("invalid_request", mistakes.join("; "));
}
