import type { JsonSchema } from "../schema.js";
import type { CheckContext } from "./check-context.js";
import { compilePattern } from "./check-schema.js";

export function checkString(schema: JsonSchema, value: string, path: string, context: CheckContext): void {
  const { minLength, maxLength, pattern } = schema;
  if (typeof minLength === "number" && lengthOf(value) < minLength)
    context.report(path, `must have at least ${minLength} characters`);
  if (typeof maxLength === "number" && value.length > maxLength && lengthOf(value) > maxLength) {
    context.report(path, `must have at most ${maxLength} characters`);
  }
  if (typeof pattern === "string" && compilePattern(pattern)?.test(value) === false)
    context.report(path, `must match ${pattern}`);
}

/** In characters as JSON Schema counts them: code points. */
function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

export function checkNumber(schema: JsonSchema, value: number, path: string, context: CheckContext): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (typeof minimum === "number" && value < minimum) context.report(path, `must be ${minimum} or more`);
  if (typeof maximum === "number" && value > maximum) context.report(path, `must be ${maximum} or less`);
  if (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum)
    context.report(path, `must be more than ${exclusiveMinimum}`);
  if (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum)
    context.report(path, `must be less than ${exclusiveMaximum}`);
  if (typeof multipleOf === "number" && multipleOf > 0 && !isMultiple(value, multipleOf)) {
    context.report(path, `must be a multiple of ${multipleOf}`);
  }
}

function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  // 0.3 / 0.1 is not quite 3.
  return Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
}
