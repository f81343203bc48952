import { createError } from "../errors/error-classes.js";
import { lazyPart, partsComing } from "../errors/lazy-part.js";
import { resolveClocks } from "../generate/call-defaults.js";
import { abortError, CallSignal, ownReason } from "../generate/call-signal.js";
import type { CallScope, Engine, ScopeSettings } from "../generate/engine.js";
import type { Warning } from "../generate/generate-result.js";
import { withPart } from "../generate/with-part.js";
import { createTransport } from "../http/create-transport.js";
import { RetryBudget } from "../http/retry-budget.js";
import type { Transport } from "../http/transport.js";
import { beforeAbort } from "../limits/before-abort.js";
import { keyHash } from "../limits/key-hash.js";
import { BUNDLED_MODELS } from "../models/bundled-models.js";
import { Catalogue } from "../models/catalogue.js";
import { createModels, type Models } from "../models/models.js";
import type { JsonAnswer, LLMProvider, ProviderCall } from "../provider/llm-provider.js";
import { createOpenAICompatibleProvider } from "../provider/openai-compatible/openai-compatible-provider.js";
import { openRouterHeaders } from "../provider/openrouter/openrouter-headers.js";
import { createOpenRouterProvider } from "../provider/openrouter/openrouter-provider.js";
import { USER_AGENT } from "../provider/user-agent.js";
import { createMeter } from "../usage/meter.js";
import { type Account, createAccount } from "./account.js";
import { ActiveCalls } from "./active-calls.js";
import { BackgroundWork } from "./background-work.js";
import { RunStorage } from "./call-scope.js";
import type { LLMClientOptions } from "./client-options.js";
import { fetchPart } from "./fetch-part.js";
import { Listeners } from "./llm-events.js";
import { logEvents } from "./log-events.js";
import { openReports } from "./open-reports.js";
import { openWatcher } from "./open-watcher.js";
import { type ResolvedClientOptions, resolveClientOptions } from "./resolve-options.js";
import { safeLogger } from "./safe-logger.js";

/** What a client shares with all its children. */
export interface Root {
  readonly engine: Engine;
  readonly baseURL: string | undefined;
  readonly models: Models;
  readonly listeners: Listeners;
  readonly background: BackgroundWork;
  readonly storage: RunStorage;
  account(scope: ScopeSettings): Account;
  fetch(scope: CallScope, input: string | URL | Request, init: RequestInit | undefined): Promise<Response>;
  close(graceMs: number): Promise<void>;
}

/** How long a client that closes with a grace waits for what its last calls have cost. */
const SETTLING_MS = 5_000;

/** Builds everything a client consists of; opens nothing. */
export function createRoot(options: LLMClientOptions): { root: Root; scope: ScopeSettings } {
  const resolved = resolveClientOptions(options);
  const { clock } = resolved;
  const logger = safeLogger(resolved.logger);
  const transport = createTransport(resolved);
  const provider = resolved.provider ?? createProvider(resolved, transport);
  const catalogue = new Catalogue(BUNDLED_MODELS);
  const listeners = new Listeners((error) => logger?.error?.("a listener failed", { error: nameOf(error) }));
  if (logger) logEvents(listeners, logger);
  const background = new BackgroundWork();
  const closing = new AbortController();
  const ending = new AbortController();
  const calls = new ActiveCalls();
  const scope = rootScope(resolved, options.apiKey);

  const inBackground = (work: Promise<void>) =>
    background.add(work, (error) => logger?.error?.("background work failed", { error: nameOf(error) }));

  const watcher = openWatcher(resolved, provider.name, logger);
  const warn = (warning: Warning) => listeners.emit("warning", warning);

  const engine: Engine = {
    provider,
    clock,
    catalogue,
    meter: createMeter(),
    gates: lazyPart(async () => {
      const { openGates } = await import("../limits/gates.js");
      return openGates(resolved);
    }),
    watcher,
    reports: openReports(resolved, watcher, {
      inBackground,
      warn,
      signal: closing.signal,
      lookUp:
        provider.name === "openrouter" && provider.get !== undefined
          ? (id) => createAccount((path) => get(path, scope, true)).generation(id)
          : undefined,
    }),
    breaker: breakerPart(resolved, warn, (model, isOpen) => watcher?.loaded?.circuit(model, isOpen)),
    responseCache: resolved.responseCache,
    baseURL: resolved.baseURL,
    retryBudget: new RetryBudget(),
    logger,
    strictModels: resolved.strictModels,
    modelNotation: resolved.modelNotation,
    disableThinking: resolved.disableThinking,
    emit: (event, value) => listeners.emit(event, value),
    inBackground,
    calls,
    closing: closing.signal,
    ending: ending.signal,
  };
  const get = async (path: string, from: ScopeSettings, background = false): Promise<unknown> => {
    const clocks = resolveClocks(false, ...from.timeouts);
    const end = new CallSignal([...from.signals, closing.signal], clocks.totalMs, clock);
    const { signal } = end;
    try {
      const key = from.apiKey?.();
      const apiKey = typeof key === "object" ? await beforeAbort(key, signal, () => abortError(signal)) : key;
      const answer = await askProvider(provider, path, { apiKey, clocks, signal, background });
      return answer.body;
    } catch (error) {
      throw signal.aborted ? abortError(signal) : error;
    } finally {
      end.release();
    }
  };
  const models = createModels({
    catalogue,
    get: (path, inBackground) => get(path, scope, inBackground),
    refreshMs: resolved.models.refreshMs,
    clock,
    onRefreshError(error) {
      const message = `the catalogue could not be refreshed: ${nameOf(error)}; the old one stays`;
      engine.emit("warning", { code: "catalogue_refresh", message });
    },
  });
  const fixedHeaders = provider.name === "openrouter" ? openRouterHeaders(resolved) : { "user-agent": USER_AGENT };
  let closed: Promise<void> | undefined;

  const root: Root = {
    engine,
    baseURL: resolved.baseURL,
    models,
    listeners,
    background,
    storage: new RunStorage(),
    account: (from) => createAccount((path) => get(path, from)),
    fetch(from, input, init) {
      const context = { engine, transport, baseURL: resolved.baseURL, headers: fixedHeaders };
      return withPart(fetchPart, init, ({ llmFetch }, asked) => llmFetch(context, from, input, asked));
    },
    close(graceMs) {
      closed ??= (async () => {
        models.close();
        // A call whose part is still being loaded is under way, too.
        const coming = graceMs > 0 ? partsComing() : undefined;
        if (coming !== undefined) await coming;
        await calls.close(graceMs, clock);
        closing.abort(ownReason(createError("aborted", "the client was closed")));
        // What the calls that were cut off have cost is still found out, where there is time to wait.
        if (graceMs > 0) await background.settled(Math.min(graceMs, SETTLING_MS), clock);
        ending.abort();
        // What nobody looks up any more is booked by now: a ledger that is closed next has the records.
        await background.settled(SETTLING_MS, clock);
        if (resolved.provider === undefined) await provider.close?.();
      })();
      return closed;
    },
  };
  return { root, scope };
}

function breakerPart(
  { breaker, clock }: ResolvedClientOptions,
  warn: (warning: Warning) => void,
  onChange: (model: string, isOpen: boolean) => void,
) {
  if (breaker === false) return undefined;
  return lazyPart(async () => {
    const { openBreaker } = await import("../breaker/breaker.js");
    return openBreaker(breaker, { clock, warn, onChange });
  });
}

/** What a GET of the path answers, or the provider's own word for it. */
function askProvider(provider: LLMProvider, path: string, call: ProviderCall): Promise<JsonAnswer> {
  const [place, query] = path.split("?");
  if (place === "/models" && provider.models)
    return provider.models(Object.fromEntries(new URLSearchParams(query)), call);
  if (provider.get) return provider.get(path, call);
  throw createError("invalid_request", `the provider "${provider.name}" has no ${place}`);
}

function createProvider(resolved: ResolvedClientOptions, transport: Transport): LLMProvider {
  const { providerName, clock, model: defaultModel } = resolved;
  const baseURL = resolved.baseURL as string;
  if (providerName !== "openrouter") {
    return createOpenAICompatibleProvider({
      name: providerName as "openai" | "custom",
      baseURL,
      transport,
      clock,
      defaultModel,
    });
  }
  const { appName, appUrl, appCategories } = resolved;
  return createOpenRouterProvider({ baseURL, transport, clock, defaultModel, appName, appUrl, appCategories });
}

function rootScope(resolved: ResolvedClientOptions, given: LLMClientOptions["apiKey"]): ScopeSettings {
  return {
    apiKey: resolved.apiKey,
    keyId: keyIdOf(resolved, given),
    keyOrigin: resolved.keyOrigin,
    keyIsFixed: resolved.baseURLFrom === "file",
    model: resolved.model,
    temperature: resolved.temperature,
    maxTokens: resolved.maxTokens,
    routing: resolved.routing,
    policies: resolved.policy ? [resolved.policy] : [],
    budgets: resolved.budgets,
    limits: resolved.limits,
    user: undefined,
    metadata: undefined,
    signals: [],
    timeouts: [resolved.timeouts],
    retry: resolved.retry,
  };
}

/** A key function is not called for this: it may give another key each time. */
function keyIdOf({ apiKey }: ResolvedClientOptions, given: LLMClientOptions["apiKey"]): string | undefined {
  if (typeof given === "function") return undefined;
  const key = apiKey?.();
  return typeof key === "string" ? keyHash(key) : "no-key";
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
