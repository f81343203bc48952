import { createError } from "../errors/error-classes.js";
import {
  BUDGET_KEYS,
  LIMITS_KEYS,
  POLICY_KEYS,
  RETRY_KEYS,
  ROUTING_KEYS,
  SCOPE_KEYS,
  TIMEOUT_KEYS,
  unknownKeys,
} from "../generate/known-keys.js";
import { ROUTING_OPTIONS } from "../generate/option-groups.js";
import type { OptionTable } from "../generate/option-table.js";
import { REQUEST_OPTIONS } from "../generate/request-options.js";
import type { LLMClientOptions, ScopeOptions } from "./client-options.js";
import {
  checkBoolean,
  checkKey,
  checkNumber,
  checkOneOf,
  checkText,
  checkTexts,
  type Mistake,
  notAllowed,
} from "./setting-checks.js";

/** The options that a client, a scope and a call have in common. */
export type SharedOptions = Pick<
  LLMClientOptions,
  "temperature" | "maxTokens" | "model" | "routing" | "policy" | "retry" | "timeouts" | "limits" | "budget"
>;

const WAIT = { min: 0 };

/** Everything that is wrong with the options that clients, scopes and calls share; empty: nothing. */
export function sharedOptionMistakes(options: SharedOptions): string[] {
  const { temperature, maxTokens, model, routing, policy, retry, timeouts, limits, budget } = options;
  return [
    checkText("model", model),
    checkNumber("temperature", temperature, { min: 0, max: 2 }),
    checkNumber("maxTokens", maxTokens, { min: 1, integer: true }),
    ...within("routing", routing, ROUTING_KEYS, (given) => [
      ...(["order", "only", "ignore", "quantizations"] as const).map((name) =>
        checkTexts(`routing.${name}`, given[name]),
      ),
      ...(["allowFallbacks", "requireParameters", "zdr", "enforceDistillableText"] as const).map((name) =>
        checkBoolean(`routing.${name}`, given[name]),
      ),
      checkOneOf("routing.dataCollection", given.dataCollection, ["allow", "deny"]),
      ...(["sort", "maxPrice", "preferredMinThroughput", "preferredMaxLatency"] as const).map((name) =>
        checkAsRequest(name, given[name], ROUTING_OPTIONS, "routing."),
      ),
    ]),
    ...within("policy", policy, POLICY_KEYS, (given) => [
      checkBoolean("policy.zdr", given.zdr),
      checkOneOf("policy.dataCollection", given.dataCollection, ["deny"]),
      checkTexts("policy.allowModels", given.allowModels),
      checkTexts("policy.denyModels", given.denyModels),
      ...within("policy.maxPrice", given.maxPrice, ["prompt", "completion"], (price) => [
        checkNumber("policy.maxPrice.prompt", price.prompt, { min: 0 }),
        checkNumber("policy.maxPrice.completion", price.completion, { min: 0 }),
      ]),
    ]),
    ...within("retry", retry === false ? undefined : retry, RETRY_KEYS, (given) => [
      checkNumber("retry.maxRetries", given.maxRetries, { min: 0, integer: true }),
      ...(["baseDelayMs", "maxDelayMs", "maxTotalMs"] as const).map((name) =>
        checkNumber(`retry.${name}`, given[name], WAIT),
      ),
    ]),
    ...within("timeouts", timeouts, TIMEOUT_KEYS, (given) =>
      (["connectMs", "firstTokenMs", "idleMs", "totalMs"] as const).map((name) =>
        checkNumber(`timeouts.${name}`, given[name], WAIT),
      ),
    ),
    ...within("limits", limits === false ? undefined : limits, LIMITS_KEYS, (given) => [
      ...(["requestsPerMinute", "tokensPerMinute", "maxConcurrency", "freeRequestsPerMinute"] as const).map((name) =>
        checkNumber(`limits.${name}`, given[name], { min: 0, integer: true }),
      ),
      checkNumber("limits.usdPerMinute", given.usdPerMinute, { min: 0 }),
      checkOneOf("limits.onLimit", given.onLimit, ["wait", "reject"]),
      checkNumber("limits.maxWaitMs", given.maxWaitMs, WAIT),
    ]),
    ...(Array.isArray(budget) ? budget : budget === undefined ? [] : [budget]).flatMap((one: unknown, position) => {
      const where = Array.isArray(budget) ? `budget[${position}]` : "budget";
      if (one === undefined) return [notAllowed(where, one, "an object")];
      return within(where, one as Record<string, unknown>, BUDGET_KEYS, (given) => [
        given.usd === undefined
          ? `${where}.usd is not set; allowed: a number of 0 or more`
          : checkNumber(`${where}.usd`, given.usd, { min: 0 }),
        given.per === undefined
          ? notAllowed(`${where}.per`, given.per, PERIODS.join(", "))
          : checkOneOf(`${where}.per`, given.per, PERIODS),
        checkText(`${where}.key`, given.key),
        checkOneOf(`${where}.unknownPrice`, given.unknownPrice, ["reject", "allow"]),
      ]);
    }),
  ].filter((mistake) => mistake !== undefined);
}

const PERIODS = ["request", "hour", "day", "month", "total"];

/**
 * Refuses a scope with anything wrong in it.
 *
 * @throws InvalidRequestError `invalid_request` with every mistake
 */
export function checkScope(options: ScopeOptions): void {
  if (typeof options !== "object" || options === null)
    throw createError("invalid_request", "a scope is an object such as { user }");
  const { apiKey, user, metadata, signal } = options;
  const mistakes = [
    ...unknownKeys("scope options", options, SCOPE_KEYS),
    checkText("user", user),
    checkAsRequest("metadata", metadata, REQUEST_OPTIONS),
    checkAsRequest("signal", signal, REQUEST_OPTIONS),
    checkScopeKey(apiKey),
    ...sharedOptionMistakes(options),
  ].filter((mistake) => mistake !== undefined);
  if (mistakes.length > 0) throw createError("invalid_request", mistakes.join("; "));
}

/** Judges an option as a call's own would be. */
function checkAsRequest<T>(name: keyof T & string, value: unknown, table: OptionTable<T>, where = ""): Mistake {
  const wrong = value === undefined ? undefined : table[name].check(value);
  return wrong === undefined ? undefined : `${where}${name} ${wrong}`;
}

function checkScopeKey(apiKey: unknown): Mistake {
  if (apiKey === undefined || typeof apiKey === "function") return undefined;
  const key = typeof apiKey === "string" ? apiKey.trim() : "";
  return key === "" ? "apiKey is no key; allowed: a text that is not empty, or a function" : checkKey("apiKey", key);
}

function within<T extends object>(
  where: string,
  value: T | undefined,
  keys: readonly string[],
  check: (given: T) => Mistake[],
): Mistake[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [notAllowed(where, value, "an object")];
  return [...unknownKeys(where, value, keys), ...check(value)];
}
