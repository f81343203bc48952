import { ConfigurationError } from "@signalbox/core";
import { checkOptions as checkEach, type OptionRules } from "@signalbox/core/node";

/** A mistake in the set-up of this package: `invalid_config` with what is wrong and how to mend it. */
export function setupMistake(detail: string, hint: string): ConfigurationError {
  return new ConfigurationError("invalid_config", detail, { hint });
}

/**
 * Refuses options that nobody reads or can have meant, and a request in their place.
 *
 * @throws ConfigurationError `invalid_config`
 */
export function checkOptions<T extends object>(where: string, options: T, rules: OptionRules<T>): void {
  refuseRequest(where, options);
  checkEach(where, options, rules);
}

/**
 * Refuses a request in the place of options: `app.use(factory)` instead of `app.use(factory())`.
 *
 * @throws ConfigurationError `invalid_config`
 */
export function refuseRequest(where: string, value: unknown): void {
  const { method, headers, socket } = (value ?? {}) as { method?: unknown; headers?: unknown; socket?: unknown };
  if (typeof method !== "string" || typeof headers !== "object" || typeof socket !== "object") return;
  throw setupMistake(
    `${where} was mounted without being called`,
    `Mount what it returns: ${where}(…) instead of ${where}.`,
  );
}
