import { ConfigurationError } from "@signalbox/core";

/** A mistake in the set-up of this package: `invalid_config` with what is wrong and how to mend it. */
export function setupMistake(detail: string, hint: string): ConfigurationError {
  return new ConfigurationError("invalid_config", detail, { hint });
}

/**
 * Refuses what is no options object, and options that nobody reads.
 *
 * @throws ConfigurationError `invalid_config`, naming the option and those that exist
 */
export function checkOptionNames(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw setupMistake(`${where} takes an options object`, `Call ${where}({ … }) with any of: ${known.join(", ")}.`);
  }
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw setupMistake(
    `unknown ${unknown.length === 1 ? "option" : "options"} of ${where}: ${unknown.join(", ")}`,
    `Known are: ${known.join(", ")}.`,
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
  throw setupMistake(`${where}: \`${name}\` is not one that is known`, `Give one of: ${known.join(", ")}.`);
}
