import { below } from "../issue.js";
import type { JsonSchema } from "../schema.js";
import type { CheckContext } from "./check-context.js";
import { compilePattern } from "./check-schema.js";
import { isSchemaObject, type SubSchema } from "./subschemas.js";

export function checkObject(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  path: string,
  context: CheckContext,
): void {
  const keys = Object.keys(value);
  const { minProperties, maxProperties } = schema;
  if (typeof minProperties === "number" && keys.length < minProperties)
    context.report(path, `must have at least ${minProperties} keys`);
  if (typeof maxProperties === "number" && keys.length > maxProperties)
    context.report(path, `must have at most ${maxProperties} keys`);
  requireKeys(schema.required, value, path, context);
  for (const [name, needed] of entriesOf(schema.dependentRequired)) {
    if (Object.hasOwn(value, name)) requireKeys(needed, value, path, context);
  }
  for (const [name, dependent] of entriesOf(schema.dependentSchemas)) {
    if (Object.hasOwn(value, name)) context.check(dependent as SubSchema, value, path);
  }
  checkProperties(schema, value, path, context);
}

function requireKeys(
  needed: unknown,
  value: Readonly<Record<string, unknown>>,
  path: string,
  context: CheckContext,
): void {
  if (!Array.isArray(needed)) return;
  for (const name of needed as string[]) {
    if (!Object.hasOwn(value, name)) context.report(below(path, name), "is missing");
  }
}

function checkProperties(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  path: string,
  context: CheckContext,
): void {
  const properties = isSchemaObject(schema.properties) ? schema.properties : {};
  const patterns = entriesOf(schema.patternProperties).map(([pattern, rule]) => ({
    pattern: compilePattern(pattern),
    rule,
  }));
  const { additionalProperties, propertyNames } = schema;
  for (const [key, item] of Object.entries(value)) {
    if (context.full) return;
    const at = below(path, key);
    if (propertyNames !== undefined && !context.accepts(propertyNames as SubSchema, key))
      context.report(at, "has a name that is not allowed");
    let known = Object.hasOwn(properties, key);
    if (known) context.check(properties[key] as SubSchema, item, at);
    for (const { pattern, rule } of patterns) {
      if (pattern?.test(key) !== true) continue;
      known = true;
      context.check(rule as SubSchema, item, at);
    }
    if (known || additionalProperties === undefined) continue;
    if (additionalProperties === false) context.report(at, "is a key that is not allowed");
    else context.check(additionalProperties as SubSchema, item, at);
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  return isSchemaObject(value) ? Object.entries(value) : [];
}
