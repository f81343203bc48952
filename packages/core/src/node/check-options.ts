import { ConfigurationError } from "../errors/error-classes.js";
import { nearest } from "../models/nearest.js";

/**
 * What may be given for an option: anything, a function, milliseconds that a timer can wait (a "period" has more than
 * 0 of them), or one of some texts.
 */
export type OptionRule = "anything" | "function" | "milliseconds" | "period" | readonly string[];

/** A rule for each of the options `T`, complete by its type. */
export type OptionRules<T> = Readonly<Record<keyof T, OptionRule>>;

/**
 * Refuses what is no options object, options that nobody reads, and values that nobody can have meant.
 *
 * @param where - whose options they are, as the reader knows it
 * @throws ConfigurationError `invalid_config`, naming each option, the one that was meant and those that exist
 */
export function checkOptions<T extends object>(where: string, options: T, rules: OptionRules<T>): void {
  const known = Object.keys(rules);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw mistake(`${where} takes an options object`, `Give { … } with any of: ${known.join(", ")}.`);
  }
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const meant = unknown.flatMap((name) => nearest(name, known)).map((name) => `\`${name}\``);
    const advice = meant.length > 0 ? `Did you mean ${meant.join(", ")}? ` : "";
    throw mistake(
      `unknown ${unknown.length === 1 ? "option" : "options"} of ${where}: ${unknown.join(", ")}`,
      `${advice}Known are: ${known.join(", ")}.`,
    );
  }
  for (const [name, rule] of Object.entries<OptionRule>(rules)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined) checkValue(`${where}: \`${name}\``, name, value, rule);
  }
}

function checkValue(what: string, name: string, value: unknown, rule: OptionRule): void {
  if (rule === "anything") return;
  if (rule === "function") {
    if (typeof value === "function") return;
    throw mistake(`${what} is no function`, `Give \`${name}\` a function, or leave it out.`);
  }
  if (rule === "milliseconds" || rule === "period") {
    const isTime = typeof value === "number" && value >= 0 && value < 2 ** 31;
    if (isTime && (value > 0 || rule === "milliseconds")) return;
    const least = rule === "period" ? "more than 0" : "0 or more";
    throw mistake(`${what} is no time`, `Give \`${name}\` in milliseconds, ${least}.`);
  }
  if (rule.includes(value as string)) return;
  const [meant] = typeof value === "string" ? nearest(value, rule) : [];
  throw mistake(
    `${what} is not one that is known`,
    `${meant === undefined ? "" : `Did you mean "${meant}"? `}Give one of: ${rule.join(", ")}.`,
  );
}

function mistake(detail: string, hint: string): ConfigurationError {
  return new ConfigurationError("invalid_config", detail, { hint });
}
