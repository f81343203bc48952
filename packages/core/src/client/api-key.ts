import { createError } from "../errors/error-classes.js";
import { checkKey } from "./setting-checks.js";

/** Gives the key of one attempt. */
export type KeySource = () => string | Promise<string>;

/**
 * A source for a key that is given as text or by a function. A text is trimmed once; what a function gives is
 * trimmed and checked each time, and a bad one is a ConfigurationError that does not show it.
 */
export function keySource(apiKey: string | KeySource): KeySource {
  if (typeof apiKey === "string") {
    const key = apiKey.trim();
    return () => key;
  }
  return async () => {
    const given: unknown = await apiKey();
    const key = typeof given === "string" ? given.trim() : "";
    if (key === "") throw createError("missing_api_key", "the function `apiKey` gave no key");
    const mistake = checkKey("what the function `apiKey` gave", key);
    if (mistake !== undefined) throw createError("invalid_config", mistake);
    return key;
  };
}
