import type { Environment } from "./environment.js";
import { checkHeaderText, checkNumber, type NumberRange, notAllowed } from "./setting-checks.js";

/** A number from the variable `name`; one outside of `range` is added to `mistakes`. */
export function numberFrom(
  environment: Environment,
  name: string,
  range: NumberRange,
  mistakes: string[],
): number | undefined {
  const text = environment.read(name)?.value;
  if (text === undefined) return undefined;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text;
  const mistake = checkNumber(name, value, range);
  if (mistake !== undefined) mistakes.push(mistake);
  return typeof value === "number" ? value : undefined;
}

/** `true` or `false` from the variable `name`, in any case. */
export function booleanFrom(environment: Environment, name: string, mistakes: string[]): boolean | undefined {
  const text = environment.read(name)?.value;
  const word = text?.toLowerCase();
  if (text !== undefined && word !== "true" && word !== "false") mistakes.push(notAllowed(name, text, "true or false"));
  return word === undefined ? undefined : word === "true";
}

/** The option, else the variable `name` as a text of one line. */
export function textFrom(
  environment: Environment,
  option: string | undefined,
  name: string,
  mistakes: string[],
): string | undefined {
  if (option !== undefined) return option;
  const text = environment.read(name)?.value;
  const mistake = checkHeaderText(name, text);
  if (mistake !== undefined) mistakes.push(mistake);
  return text;
}
