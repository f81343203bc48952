import type { LLMClientOptions } from "../src/client/client-options.js";
import { resolveClientOptions } from "../src/client/resolve-options.js";
import type { LLMError } from "../src/errors/llm-error.js";

export const KEY = "sk-or-v1-0123456789abcdef";

/** The error that options are refused with. */
export function refusal(options: object): LLMError {
  try {
    resolveClientOptions({ env: false, ...options } as LLMClientOptions);
  } catch (error) {
    return error as LLMError;
  }
  throw new Error("was not refused");
}

/** What options come to beside an environment that has a key. */
export const resolve = (env: Record<string, string>, options: LLMClientOptions = {}) =>
  resolveClientOptions({ env: { OPENROUTER_API_KEY: KEY, ...env }, ...options });
