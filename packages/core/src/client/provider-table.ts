import { DEFAULT_MODEL } from "../models/notation-data.js";
import { OPENAI_BASE_URL } from "../provider/openai-compatible/openai-compatible-provider.js";
import { OPENROUTER_BASE_URL } from "../provider/openrouter/openrouter-provider.js";

/** Where the settings of a built-in provider come from. */
export interface ProviderRow {
  /** How the provider is called in messages. */
  title: string;
  keyVariable: string;
  keyRequired: boolean;
  /** Where to get a key. */
  keyHint: string;
  urlVariable: string;
  defaultURL?: string | undefined;
  modelVariable: string;
  defaultModel?: string | undefined;
}

export type ProviderName = "openrouter" | "openai" | "custom";

/** The built-in providers. */
export const PROVIDERS: Readonly<Record<ProviderName, ProviderRow>> = {
  openrouter: {
    title: "OpenRouter",
    keyVariable: "OPENROUTER_API_KEY",
    keyRequired: true,
    keyHint: "Set OPENROUTER_API_KEY or the option `apiKey`; keys: https://openrouter.ai/keys",
    urlVariable: "OPENROUTER_BASE_URL",
    defaultURL: OPENROUTER_BASE_URL,
    modelVariable: "OPENROUTER_MODEL",
    defaultModel: DEFAULT_MODEL,
  },
  openai: {
    title: "OpenAI",
    keyVariable: "OPENAI_API_KEY",
    keyRequired: true,
    keyHint: "Set OPENAI_API_KEY or the option `apiKey`; keys: https://platform.openai.com/api-keys",
    urlVariable: "OPENAI_BASE_URL",
    defaultURL: OPENAI_BASE_URL,
    modelVariable: "OPENAI_MODEL",
  },
  custom: {
    title: "Custom LLM",
    keyVariable: "CUSTOM_LLM_API_KEY",
    keyRequired: false,
    keyHint: "Set CUSTOM_LLM_API_KEY or the option `apiKey`, or leave both out.",
    urlVariable: "CUSTOM_LLM_URL",
    modelVariable: "CUSTOM_MODEL",
  },
};

export const PROVIDER_NAMES = Object.keys(PROVIDERS) as ProviderName[];
