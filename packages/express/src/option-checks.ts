import { ConfigurationError } from "@signalbox/core";
import { nearestName } from "./nearest-name.js";

/** A mistake in the set-up of this package: `invalid_config` with what is wrong and how to mend it. */
export function setupMistake(detail: string, hint: string): ConfigurationError {
  return new ConfigurationError("invalid_config", detail, { hint });
}

/**
 * Refuses what is no options object, and options that nobody reads.
 *
 * @throws ConfigurationError `invalid_config`, naming each option, the one that was meant and those that exist
 */
export function checkOptionNames(where: string, options: unknown, known: readonly string[]): void {
  refuseRequest(where, options);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw setupMistake(`${where} takes an options object`, `Call ${where}({ … }) with any of: ${known.join(", ")}.`);
  }
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const meant = unknown.flatMap((name) => nearestName(name, known) ?? []);
  const advice = meant.length > 0 ? `Did you mean ${meant.map((name) => `\`${name}\``).join(", ")}? ` : "";
  throw setupMistake(
    `unknown ${unknown.length === 1 ? "option" : "options"} of ${where}: ${unknown.join(", ")}`,
    `${advice}Known are: ${known.join(", ")}.`,
  );
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

/** @throws ConfigurationError `invalid_config` for anything but a function or nothing */
export function checkFunction(where: string, name: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw setupMistake(`${where}: \`${name}\` is no function`, `Give \`${name}\` a function, or leave it out.`);
}

/** @throws ConfigurationError `invalid_config` for a text that is none of those that are known */
export function checkOneOf(where: string, name: string, value: unknown, known: readonly string[]): void {
  if (value === undefined || known.includes(value as string)) return;
  const meant = typeof value === "string" ? nearestName(value, known) : undefined;
  throw setupMistake(
    `${where}: \`${name}\` is not one that is known`,
    `${meant === undefined ? "" : `Did you mean "${meant}"? `}Give one of: ${known.join(", ")}.`,
  );
}

/** @throws ConfigurationError `invalid_config` for anything but milliseconds that a timer can wait, or nothing */
export function checkMilliseconds(where: string, name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value >= 0 && value < 2 ** 31)) return;
  throw setupMistake(`${where}: \`${name}\` is no time`, `Give \`${name}\` in milliseconds, 0 or more.`);
}
