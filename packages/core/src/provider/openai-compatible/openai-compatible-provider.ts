import { createError } from "../../errors/error-classes.js";
import { BaseURL } from "../../http/base-url.js";
import { type Clock, systemClock } from "../../http/clock.js";
import { nodeTransport } from "../../http/node-transport.js";
import type { Transport } from "../../http/transport.js";
import { httpProvider } from "../http-provider.js";
import { HttpService } from "../http-service.js";
import type { LLMProvider } from "../llm-provider.js";
import { USER_AGENT } from "../user-agent.js";
import { openAIBody } from "./openai-body.js";

/** Where OpenAI answers. */
export const OPENAI_BASE_URL = "https://api.openai.com/v1";

/** What an adapter for OpenAI, or for a server that speaks its API (Ollama, vLLM, llama.cpp), is made of. */
export interface OpenAICompatibleProviderOptions {
  name: "openai" | "custom";
  /** @default https://api.openai.com/v1 for `openai`; required for `custom` */
  baseURL?: string | undefined;
  /** @default node:http(s) with a pool of its own */
  transport?: Transport | undefined;
  /** @default the system's */
  clock?: Clock | undefined;
  defaultModel?: string | undefined;
}

/**
 * OpenAI, or a server with its API, behind the provider port. One attempt a call; opens nothing before the first one.
 * What of OpenRouter's body fields is left out or refused stands at {@link openAIBody}.
 *
 * @throws ConfigurationError `invalid_config` for a missing base URL, or one that is no http(s) address
 */
export function createOpenAICompatibleProvider(options: OpenAICompatibleProviderOptions): LLMProvider {
  const { name, clock = systemClock, transport = nodeTransport({ clock }), defaultModel } = options;
  const address = options.baseURL ?? (name === "openai" ? OPENAI_BASE_URL : undefined);
  if (address === undefined) throw createError("invalid_config", "baseURL is required for provider custom");
  const service = new HttpService({
    base: new BaseURL(address),
    transport,
    clock,
    headers: { "user-agent": USER_AGENT },
  });
  return httpProvider({ name, service, clock, defaultModel, shape: (body) => openAIBody(body, name) });
}
