import { ConfigurationError } from "@signalbox/core";

/** Refuses options that nobody reads: `invalid_config`, naming them and those that exist. */
export function checkOptionNames(where: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ConfigurationError("invalid_config", `unknown options of ${where}: ${unknown.join(", ")}`, {
    hint: `Known are: ${known.join(", ")}.`,
  });
}
