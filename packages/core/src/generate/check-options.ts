import { createError } from "../errors/error-classes.js";
import { unknownKeys } from "./known-keys.js";
import type { OptionRow, OptionTable } from "./option-table.js";

/**
 * Holds what was given to its table: no unknown key, no value out of its range. Undefined passes as an empty object.
 *
 * @param reasons - why wire fields have no option, by their names
 *
 * @throws InvalidRequestError `invalid_request` with every mistake; values that are texts are not shown
 */
export function checkOptions<T>(
  where: string,
  given: T | undefined,
  table: OptionTable<T>,
  reasons?: Readonly<Record<string, string>>,
): void {
  if (given === undefined) return;
  const mistakes = optionMistakes(where, given as object, table, reasons);
  if (mistakes.length > 0) throw createError("invalid_request", mistakes.join("; "));
}

function optionMistakes(
  where: string,
  given: object,
  table: Readonly<Record<string, OptionRow>>,
  reasons: Readonly<Record<string, string>> | undefined,
): string[] {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return [`\`${where}\` is no object`];
  const mistakes: string[] = [];
  let unknown = false;
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(table, key)) unknown = true;
    else if (value !== undefined) {
      const wrong = table[key]?.check(value);
      if (wrong !== undefined) mistakes.push(`\`${where === "request" ? "" : `${where}.`}${key}\` ${wrong}`);
    }
  }
  return unknown ? [...unknownKeys(where, given, Object.keys(table), reasons), ...mistakes] : mistakes;
}
