import { BaseURL } from "../../http/base-url.js";
import { type Clock, systemClock } from "../../http/clock.js";
import { nodeTransport } from "../../http/node-transport.js";
import type { Transport } from "../../http/transport.js";
import { httpProvider } from "../http-provider.js";
import { HttpService } from "../http-service.js";
import type { LLMProvider } from "../llm-provider.js";
import { openRouterHeaders } from "./openrouter-headers.js";

/** Where OpenRouter answers. */
export const OPENROUTER_BASE_URL = "https://openrouter.ai/api/v1";

/** What an OpenRouter adapter is made of. */
export interface OpenRouterProviderOptions {
  /** @default https://openrouter.ai/api/v1 */
  baseURL?: string | undefined;
  /** @default node:http(s) with a pool of its own */
  transport?: Transport | undefined;
  /** Sent as `X-OpenRouter-Title`; control characters are dropped, what is not ASCII is percent-encoded. */
  appName?: string | undefined;
  /** Sent as `HTTP-Referer`, treated like `appName`. */
  appUrl?: string | undefined;
  /** Sent as `X-OpenRouter-Categories`. */
  appCategories?: readonly string[] | undefined;
  /** @default the system's */
  clock?: Clock | undefined;
  defaultModel?: string | undefined;
}

/**
 * OpenRouter behind the provider port. One attempt a call; opens nothing before the first one.
 *
 * The key comes with each call and goes to the origin of `baseURL` only; no redirect is followed.
 *
 * @throws ConfigurationError `invalid_config` for a base URL that is no http(s) address
 */
export function createOpenRouterProvider(options: OpenRouterProviderOptions = {}): LLMProvider {
  const { clock = systemClock, transport = nodeTransport({ clock }), defaultModel } = options;
  const base = new BaseURL(options.baseURL ?? OPENROUTER_BASE_URL);
  const service = new HttpService({ base, transport, clock, headers: openRouterHeaders(options) });
  return httpProvider({ name: "openrouter", service, clock, defaultModel });
}
