import { createError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import { checkKey } from "./setting-checks.js";

/** Gives the key of one attempt. */
export type KeySource = () => string | Promise<string>;

/**
 * A source for a key that is given as text or by a function. A text is trimmed once; what a function gives is
 * trimmed and checked each time, and a bad one is a ConfigurationError that does not show it. What it throws is the
 * cause of a ProviderError.
 */
export function keySource(apiKey: string | KeySource): KeySource {
  if (typeof apiKey === "string") {
    const key = apiKey.trim();
    return () => key;
  }
  return async () => {
    const given: unknown = await ask(apiKey);
    const key = typeof given === "string" ? given.trim() : "";
    if (key === "") throw createError("missing_api_key", "the function `apiKey` gave no key");
    const mistake = checkKey("what the function `apiKey` gave", key);
    if (mistake !== undefined) throw createError("invalid_config", mistake);
    return key;
  };
}

async function ask(apiKey: KeySource): Promise<unknown> {
  try {
    return await apiKey();
  } catch (error) {
    if (LLMError.is(error)) throw error;
    // The words of a vault may quote what it keeps: they stay with the cause, out of messages that queues and logs keep.
    const name = error instanceof Error ? error.name : typeof error;
    throw createError("provider_error", `the function \`apiKey\` failed: ${name}`, { cause: error, retryable: true });
  }
}
