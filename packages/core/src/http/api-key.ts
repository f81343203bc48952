import { createError } from "../errors/error-classes.js";

/** Whether a key can be sent: visible ASCII without quotes, which come from a shell or an env file and not from a key. */
export const isApiKey = (key: string) => /^[\x21\x23-\x26\x28-\x5f\x61-\x7e]+$/.test(key);

/**
 * A key as it goes into the Authorization header: trimmed; undefined where nothing is left.
 *
 * @throws ConfigurationError `invalid_config`, without the key in it, where blanks, quotes, control or non-ASCII
 * characters stand inside
 */
export function checkApiKey(key: string | undefined): string | undefined {
  const trimmed = key?.trim();
  if (trimmed === undefined || trimmed === "") return undefined;
  if (isApiKey(trimmed)) return trimmed;
  throw createError(
    "invalid_config",
    "invalid API key format: it holds blanks, quotes, line ends or other characters that no key has",
    {
      hint: "Copy the key again, without quotes and line ends.",
    },
  );
}
