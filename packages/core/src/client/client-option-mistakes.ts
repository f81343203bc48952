import { CLIENT_OPTION_KEYS, unknownKeys } from "../generate/known-keys.js";
import { isDispatcher } from "../http/is-dispatcher.js";
import type { LLMClientOptions } from "./client-options.js";
import { sharedOptionMistakes } from "./option-checks.js";
import {
  checkBoolean,
  checkFunction,
  checkHeaderText,
  checkMethods,
  checkNumber,
  checkOneOf,
  type Mistake,
  notAllowed,
} from "./setting-checks.js";

/** Everything that is wrong with the options themselves, before the environment is looked at. */
export function clientOptionMistakes(options: LLMClientOptions): string[] {
  const mistakes: Mistake[] = [
    ...unknownKeys("client options", options, CLIENT_OPTION_KEYS),
    ...sharedOptionMistakes(options),
    checkProvider(options.provider),
    checkBoolean("disableThinking", options.disableThinking),
    checkBoolean("strictModels", options.strictModels),
    checkOneOf("modelNotation", options.modelNotation, ["resolve", "verbatim"]),
    checkHeaderText("appName", options.appName),
    checkHeaderText("appUrl", options.appUrl),
    checkCategories(options.appCategories),
    checkFunction("fetch", options.fetch),
    options.dispatcher === undefined || isDispatcher(options.dispatcher)
      ? undefined
      : "dispatcher must be an undici Dispatcher: it has no dispatch() method",
    checkMethods("budgetStore", options.budgetStore, ["reserve", "settle", "release"]),
    checkMethods("limitStore", options.limitStore, ["take"]),
    checkMethods("responseCache", options.responseCache, ["get", "set"]),
    checkMethods("ledger", options.ledger, ["begin", "finish"]),
    ...checkBreaker(options.breaker),
    checkObject("logger", options.logger),
    checkObject("telemetry", options.telemetry),
    ...unknownKeys("telemetry", options.telemetry, ["tracerProvider", "meterProvider", "recordContent"]),
    checkBoolean("telemetry.recordContent", options.telemetry?.recordContent),
    checkMethods("telemetry.tracerProvider", options.telemetry?.tracerProvider, ["getTracer"]),
    checkMethods("telemetry.meterProvider", options.telemetry?.meterProvider, ["getMeter"]),
    checkMethods("clock", options.clock, ["now", "date", "after", "random"]),
    options.env === false ? undefined : checkObject("env", options.env),
    checkObject("models", options.models),
    ...unknownKeys("models", options.models, ["refreshMs"]),
    checkNumber("models.refreshMs", options.models?.refreshMs, { min: 0 }),
  ];
  return mistakes.filter((mistake) => mistake !== undefined);
}

function checkBreaker(breaker: LLMClientOptions["breaker"]): Mistake[] {
  if (breaker === undefined || breaker === false) return [];
  return [
    checkObject("breaker", breaker),
    ...unknownKeys("breaker", breaker, ["failures", "halfOpenAfterMs"]),
    checkNumber("breaker.failures", breaker.failures, { min: 1, integer: true }),
    checkNumber("breaker.halfOpenAfterMs", breaker.halfOpenAfterMs, { min: 0 }),
  ];
}

/** OpenRouter counts at most two a request. */
function checkCategories(categories: unknown): Mistake {
  const fits = Array.isArray(categories) && categories.length <= 2 && categories.every(isCategory);
  return categories === undefined || fits
    ? undefined
    : notAllowed("appCategories", categories, "a list of at most 2 words");
}

const isCategory = (word: unknown) => typeof word === "string" && /^[\w-]{1,64}$/.test(word);

function checkProvider(provider: unknown): Mistake {
  if (typeof provider !== "object" || provider === null) return undefined;
  const { name, chat, chatStream } = provider as Record<string, unknown>;
  const fits = typeof name === "string" && typeof chat === "function" && typeof chatStream === "function";
  return fits ? undefined : "provider is an object without `name`, `chat` and `chatStream`";
}

function checkObject(name: string, value: unknown): Mistake {
  return value === undefined || (typeof value === "object" && value !== null)
    ? undefined
    : notAllowed(name, value, "an object");
}
