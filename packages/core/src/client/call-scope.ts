import type { AsyncLocalStorage } from "node:async_hooks";
import { createError } from "../errors/error-classes.js";
import { resolveRetry } from "../generate/call-defaults.js";
import type { ScopeSettings } from "../generate/engine.js";
import { present } from "../generate/present.js";
import type { Budget } from "../limits/budget-store.js";
import { keyHash } from "../limits/key-hash.js";
import { keySource } from "./api-key.js";
import type { ScopeOptions } from "./client-options.js";
import { KEY_OPTION } from "./provider-settings.js";

/** What a `run()` adds to the calls of the client it belongs to, and of that one's children. */
export interface RunLayer {
  readonly owner: object;
  readonly options: ScopeOptions;
}

/** Adds options to a scope. Policies, budgets and signals add up; the rest is replaced, objects key by key. */
export function addLayer(scope: ScopeSettings, layer: ScopeOptions): ScopeSettings {
  if (layer.apiKey !== undefined && scope.keyIsFixed) {
    throw createError(
      "invalid_config",
      "the base URL comes from a .env file, so no other key than the one beside it is sent there",
    );
  }
  return {
    ...scope,
    ...(layer.apiKey === undefined ? {} : keyOf(layer.apiKey)),
    model: layer.model ?? scope.model,
    temperature: layer.temperature ?? scope.temperature,
    maxTokens: layer.maxTokens ?? scope.maxTokens,
    user: layer.user ?? scope.user,
    metadata: layer.metadata ? { ...scope.metadata, ...layer.metadata } : scope.metadata,
    routing: layer.routing ? { ...scope.routing, ...present(layer.routing) } : scope.routing,
    policies: layer.policy ? [...scope.policies, layer.policy] : scope.policies,
    budgets: [...new Set([...scope.budgets, ...asList(layer.budget)])],
    limits: layer.limits === undefined ? scope.limits : merge(scope.limits, layer.limits),
    signals: layer.signal ? [...scope.signals, layer.signal] : scope.signals,
    timeouts: layer.timeouts ? [...scope.timeouts, layer.timeouts] : scope.timeouts,
    retry: layer.retry === undefined ? scope.retry : resolveRetry(scope.retry, layer.retry),
  };
}

export function keyOf(
  apiKey: string | (() => string | Promise<string>),
): Pick<ScopeSettings, "apiKey" | "keyId" | "keyOrigin"> {
  const keyOrigin = KEY_OPTION;
  if (typeof apiKey === "function") return { apiKey: keySource(apiKey), keyId: undefined, keyOrigin };
  return { apiKey: keySource(apiKey), keyId: keyHash(apiKey.trim()), keyOrigin };
}

function asList(budget: Budget | readonly Budget[] | undefined): readonly Budget[] {
  return budget === undefined ? [] : Array.isArray(budget) ? budget : [budget as Budget];
}

/** Inner settings win key by key; `false` switches the whole thing off. */
function merge<T extends object>(outer: T | false | undefined, inner: T | false): T | false {
  return inner === false || !outer ? inner : { ...outer, ...present(inner) };
}

/** Carries the layers of `run()` through everything that is awaited inside it; loaded on first use. */
export class RunStorage {
  #storage: AsyncLocalStorage<readonly RunLayer[]> | undefined;

  get layers(): readonly RunLayer[] {
    return this.#storage?.getStore() ?? [];
  }

  run<T>(layer: RunLayer, fn: () => T): T {
    this.#storage ??= new (process.getBuiltinModule("node:async_hooks").AsyncLocalStorage)();
    return this.#storage.run([...this.layers, layer], fn);
  }
}
