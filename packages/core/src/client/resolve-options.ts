import type { BreakerOptions } from "../breaker/breaker-options.js";
import type { ResponseCache } from "../cache/response-cache.js";
import { createError } from "../errors/error-classes.js";
import { resolveRetry } from "../generate/call-defaults.js";
import type { ProviderRouting, TimeoutOptions } from "../generate/generate-request.js";
import { type Clock, systemClock } from "../http/clock.js";
import type { FetchLike } from "../http/fetch-like.js";
import { nodeTakesProxies, type ProxyVariables, proxyVariableFor, proxyVariables } from "../http/proxy-variables.js";
import type { RetrySettings } from "../http/retry-policy.js";
import type { Ledger } from "../ledger/ledger.js";
import type { Budget, BudgetStore } from "../limits/budget-store.js";
import type { LimitStore, Limits } from "../limits/limit-store.js";
import type { LLMProvider } from "../provider/llm-provider.js";
import type { TelemetryOptions } from "../telemetry/telemetry-options.js";
import type { KeySource } from "./api-key.js";
import { clientOptionMistakes } from "./client-option-mistakes.js";
import type { LLMClientOptions, Logger, Policy } from "./client-options.js";
import { type Environment, type Origin, openEnvironment } from "./environment.js";
import { booleanFrom, numberFrom, textFrom } from "./environment-settings.js";
import { ownSettings, type ProviderSettings, providerName, providerSettings } from "./provider-settings.js";
import { PROVIDERS } from "./provider-table.js";
import type { Mistake } from "./setting-checks.js";

/** A client's options with environment and defaults filled in. Neither JSON nor `inspect` shows the key. */
export interface ResolvedClientOptions {
  /** `openrouter`, `openai`, `custom`, or the name of `provider`. */
  readonly providerName: string;
  /** The caller's own provider; undefined: the built-in one of that name is to be made. */
  readonly provider: LLMProvider | undefined;
  /** Undefined means no Authorization header. */
  readonly apiKey: KeySource | undefined;
  /** Where the key was found, in words: an option or the name of a variable. */
  readonly keyOrigin: string | undefined;
  /** Without a slash at its end; undefined only with a provider of the caller's own. */
  readonly baseURL: string | undefined;
  /** `file` forbids any key that is not from the same file, a scope's too. */
  readonly baseURLFrom: Origin | undefined;
  /** As configured, not resolved; undefined where only a provider of the caller's own could know one. */
  readonly model: string | undefined;
  readonly temperature: number | undefined;
  readonly maxTokens: number | undefined;
  readonly disableThinking: boolean | undefined;
  readonly appName: string | undefined;
  readonly appUrl: string | undefined;
  readonly appCategories: readonly string[] | undefined;
  readonly routing: ProviderRouting | undefined;
  readonly policy: Policy | undefined;
  readonly strictModels: boolean;
  readonly modelNotation: "resolve" | "verbatim";
  readonly retry: RetrySettings | false;
  /** As given: defaults differ between streams and other calls, see `resolveClocks`. */
  readonly timeouts: TimeoutOptions;
  readonly limits: Limits | false | undefined;
  readonly budgets: readonly Budget[];
  /** In memory where there is none. */
  readonly budgetStore: BudgetStore | undefined;
  readonly limitStore: LimitStore | undefined;
  readonly responseCache: ResponseCache | undefined;
  readonly ledger: Ledger | undefined;
  readonly breaker: false | BreakerOptions;
  readonly models: { readonly refreshMs: number };
  readonly fetch: FetchLike | undefined;
  readonly dispatcher: unknown;
  /** For the built-in transport; values may hold a proxy's credentials. */
  readonly proxies: ProxyVariables;
  readonly logger: Logger | undefined;
  readonly telemetry: TelemetryOptions | undefined;
  readonly clock: Clock;
}

/**
 * Fills in what options leave open: option, then environment, then default. No network, no timers; reads `.env` at
 * most once.
 *
 * @throws ConfigurationError `missing_api_key` where only the key is missing, else `invalid_config` with every mistake
 */
export function resolveClientOptions(options: LLMClientOptions = {}): ResolvedClientOptions {
  const mistakes = clientOptionMistakes(options);
  const environment = openEnvironment(
    options.env === false || (typeof options.env === "object" && options.env !== null) ? options.env : undefined,
  );
  const own = typeof options.provider === "object" && options.provider !== null ? options.provider : undefined;
  const name = own ? undefined : providerName(options, environment, mistakes);
  const row = name && PROVIDERS[name];
  const settings = row ? providerSettings(row, options, environment, mistakes) : ownSettings(options, own, mistakes);
  const numbers = {
    temperature: options.temperature ?? numberFrom(environment, "TEMPERATURE", { min: 0, max: 2 }, mistakes),
    maxTokens: options.maxTokens ?? numberFrom(environment, "MAX_TOKENS", { min: 1, integer: true }, mistakes),
    disableThinking: options.disableThinking ?? booleanFrom(environment, "DISABLE_THINKING", mistakes),
  };
  const appName = textFrom(environment, options.appName, "OPENROUTER_APP_NAME", mistakes);
  const appUrl = textFrom(environment, options.appUrl, "OPENROUTER_APP_URL", mistakes);
  const { apiKey, keyOrigin, baseURL, baseURLFrom, model, missingKey } = settings;
  const proxies = proxyVariables(options.env === false ? {} : (options.env ?? process.env));
  const ownTransport = options.fetch !== undefined || options.dispatcher !== undefined;
  const proxyMistake = ownTransport ? undefined : checkProxies(baseURL, proxies);
  if (proxyMistake !== undefined) mistakes.push(proxyMistake);
  fail(mistakes, missingKey, environment);

  const clock = options.clock ?? systemClock;
  const { budget } = options;
  const resolved = {
    providerName: own?.name ?? name ?? "openrouter",
    apiKey,
    keyOrigin,
    baseURL,
    baseURLFrom,
    model,
    ...numbers,
    appName,
    appUrl,
    appCategories: options.appCategories,
    routing: options.routing,
    policy: options.policy,
    strictModels: options.strictModels ?? false,
    modelNotation: options.modelNotation ?? "resolve",
    retry: resolveRetry(options.retry),
    timeouts: { ...options.timeouts },
    limits: options.limits,
    budgets:
      budget === undefined ? [] : Array.isArray(budget) ? [...(budget as readonly Budget[])] : [budget as Budget],
    breaker: options.breaker ?? false,
    models: { refreshMs: options.models?.refreshMs ?? 0 },
    clock,
  };
  // Objects of the caller's own may hold keys: they are kept out of whatever prints the options.
  return hidden(resolved, {
    provider: own,
    budgetStore: options.budgetStore,
    limitStore: options.limitStore,
    responseCache: options.responseCache,
    ledger: options.ledger,
    fetch: options.fetch,
    dispatcher: options.dispatcher,
    proxies,
    logger: options.logger,
    telemetry: options.telemetry,
  });
}

/** A proxy that this Node would pass by without a word. */
function checkProxies(baseURL: string | undefined, proxies: ProxyVariables): Mistake {
  const variable = baseURL === undefined ? undefined : proxyVariableFor(baseURL, proxies);
  if (variable === undefined || nodeTakesProxies()) return undefined;
  return `${variable} is set, but Node ${process.versions.node} cannot use it; allowed: Node 22.21, 24.5 or later, or a \`dispatcher\` or \`fetch\` of your own that goes through the proxy`;
}

function fail(mistakes: readonly string[], missingKey: ProviderSettings["missingKey"], environment: Environment): void {
  const { fileProblem } = environment;
  if (mistakes.length === 0 && !missingKey) return;
  const hint = [missingKey?.hint, fileProblem].filter((text) => text !== undefined).join("; ") || undefined;
  if (mistakes.length === 0 && missingKey) throw createError("missing_api_key", missingKey.detail, { hint });
  throw createError("invalid_config", [...(missingKey ? [missingKey.detail] : []), ...mistakes].join("; "), { hint });
}

function hidden<T extends object, H extends object>(shown: T, kept: H): T & H {
  for (const [name, value] of Object.entries(kept)) Object.defineProperty(shown, name, { value, enumerable: false });
  return shown as T & H;
}
