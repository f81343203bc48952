import type { BreakerOptions } from "../breaker/breaker-options.js";
import type { ResponseCache } from "../cache/response-cache.js";
import type { ProviderRouting, RetryOptions, TimeoutOptions } from "../generate/generate-request.js";
import type { Clock } from "../http/clock.js";
import type { FetchLike } from "../http/fetch-like.js";
import type { Ledger } from "../ledger/ledger.js";
import type { Budget, BudgetStore } from "../limits/budget-store.js";
import type { LimitStore, Limits } from "../limits/limit-store.js";
import type { LLMProvider } from "../provider/llm-provider.js";
import type { TelemetryOptions } from "../telemetry/telemetry-options.js";

/** A floor that no call can loosen: judged on the final wire body. */
export interface Policy {
  zdr?: boolean | undefined;
  dataCollection?: "deny" | undefined;
  /** Ids or globs (`anthropic/*`) that may be asked; everything else is refused. */
  allowModels?: readonly string[] | undefined;
  denyModels?: readonly string[] | undefined;
  /** USD per million tokens. */
  maxPrice?: { prompt?: number | undefined; completion?: number | undefined } | undefined;
}

/** Takes the client's diagnostics. No key, header, prompt or answer is ever passed. */
export interface Logger {
  /**
   * How each request ended: its id, model, outcome, attempts and times; each answer that was metered: its generation
   * id, tokens and cost; each tool that ran.
   */
  debug?(message: string, fields?: object): void;
  /** Warnings that are worth knowing, such as a replaced model. */
  info?(message: string, fields?: object): void;
  /** What went wrong and was mended, such as an attempt that is repeated, or may matter to money. */
  warn?(message: string, fields?: object): void;
  /** What went wrong and reached no caller: a listener that throws, work in the background. */
  error?(message: string, fields?: object): void;
}

/** How a client is set up. An option wins over its environment variable; `undefined` counts as absent. */
export interface LLMClientOptions {
  /** Env `LLM`, any case. @default "openrouter" */
  provider?: "openrouter" | "openai" | "custom" | LLMProvider | undefined;
  /** Env `OPENROUTER_API_KEY` (or the provider's). A function is called once per attempt. */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  /** Env `OPENROUTER_BASE_URL`. @default https://openrouter.ai/api/v1 */
  baseURL?: string | undefined;
  /** Env `OPENROUTER_MODEL`. @default anthropic/claude-3-haiku:beta */
  model?: string | undefined;
  /** Env `TEMPERATURE`, 0 to 2. */
  temperature?: number | undefined;
  /** Env `MAX_TOKENS`, an integer of 1 or more. */
  maxTokens?: number | undefined;
  /**
   * Env `DISABLE_THINKING`: true = off, or the least effort of a model that always thinks; false = on where supported;
   * absent = nothing is sent.
   */
  disableThinking?: boolean | undefined;
  /** Env `OPENROUTER_APP_NAME`; sent as `X-OpenRouter-Title`. */
  appName?: string | undefined;
  /** Env `OPENROUTER_APP_URL`; sent as `HTTP-Referer`. */
  appUrl?: string | undefined;
  /** What the app is, in OpenRouter's words (`cli-agent`, `writing-assistant`, …), at most 2; unknown ones are dropped there. */
  appCategories?: readonly string[] | undefined;
  routing?: ProviderRouting | undefined;
  policy?: Policy | undefined;
  /** Never replace a retired id by its successor. @default false */
  strictModels?: boolean | undefined;
  /** Read the original notation (`:beta:aws`), or send ids as they are. @default "resolve" */
  modelNotation?: "resolve" | "verbatim" | undefined;
  retry?: false | RetryOptions | undefined;
  timeouts?: TimeoutOptions | undefined;
  limits?: false | Limits | undefined;
  budget?: Budget | readonly Budget[] | undefined;
  /** @default in memory */
  budgetStore?: BudgetStore | undefined;
  /** @default in memory */
  limitStore?: LimitStore | undefined;
  /** Keeps answers and gives them again for equal calls; see `responseCache` of a request. @default none */
  responseCache?: ResponseCache | undefined;
  /** Where every request leaves a record, with an intent before it is sent. @default none */
  ledger?: Ledger | undefined;
  /** Stops asking models that keep failing, for a while; needs `cockatiel`. @default off */
  breaker?: false | BreakerOptions | undefined;
  /** Background refresh of the catalogue; off by default. */
  models?: { refreshMs?: number | undefined } | undefined;
  /** Your own transport, used for everything. */
  fetch?: FetchLike | undefined;
  /** An undici Dispatcher of yours. */
  dispatcher?: unknown;
  /**
   * Where variables come from, those about proxies included. @default process.env, then, except for proxies, `.env`;
   * false reads nothing
   */
  env?: Readonly<Record<string, string | undefined>> | false | undefined;
  logger?: Logger | undefined;
  /** Traces and metrics; needs `@opentelemetry/api`. No prompt, answer or header is recorded unless asked for. */
  telemetry?: TelemetryOptions | undefined;
  /** Time and chance, for tests. @default the system's */
  clock?: Clock | undefined;
}

/** What a child client adds to its parent, or `run()` to the calls inside it. */
export interface ScopeOptions {
  user?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  /** Instead of the client's key; a function is called once per attempt, and its calls share what is counted per key. */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  signal?: AbortSignal | undefined;
  budget?: Budget | readonly Budget[] | undefined;
  limits?: false | Limits | undefined;
  /** Only tightens. */
  policy?: Policy | undefined;
  model?: string | undefined;
  temperature?: number | undefined;
  maxTokens?: number | undefined;
  routing?: ProviderRouting | undefined;
  timeouts?: TimeoutOptions | undefined;
  retry?: false | RetryOptions | undefined;
}
