import type { JsonSchema } from "../schema.js";

/** A schema, or `true` (anything) or `false` (nothing). */
export type SubSchema = JsonSchema | boolean;

const ONE = new Set([
  "items",
  "additionalItems",
  "additionalProperties",
  "unevaluatedItems",
  "unevaluatedProperties",
  "propertyNames",
  "contains",
  "not",
  "if",
  "then",
  "else",
]);
const MANY = new Set(["items", "prefixItems", "allOf", "anyOf", "oneOf"]);
const NAMED = new Set(["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]);

export function isSchemaObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy of a schema in which every schema directly below it went through `change`; everything else is shared. */
export function mapSubschemas(schema: JsonSchema, change: (below: JsonSchema) => JsonSchema): JsonSchema {
  const one = (value: unknown) => (isSchemaObject(value) ? change(value) : value);
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (MANY.has(keyword) && Array.isArray(value)) return [keyword, value.map(one)];
      if (ONE.has(keyword)) return [keyword, one(value)];
      if (NAMED.has(keyword) && isSchemaObject(value)) {
        return [keyword, Object.fromEntries(Object.entries(value).map(([name, below]) => [name, one(below)]))];
      }
      return [keyword, value];
    }),
  );
}

/** The keyword whose value should be a schema and is something else; undefined where all is well. */
export function misplacedKeyword(schema: JsonSchema): string | undefined {
  const fits = (value: unknown) => isSchemaObject(value) || typeof value === "boolean";
  for (const [keyword, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    const list = MANY.has(keyword) && Array.isArray(value);
    if (list && !value.every(fits)) return keyword;
    if (!list && (ONE.has(keyword) || MANY.has(keyword)) && !fits(value)) return keyword;
    if (NAMED.has(keyword) && !(isSchemaObject(value) && Object.values(value).every(fits))) return keyword;
  }
  return undefined;
}

/** Visits every schema directly below a schema. */
export function eachSubschema(schema: JsonSchema, visit: (below: JsonSchema) => void): void {
  mapSubschemas(schema, (below) => {
    visit(below);
    return below;
  });
}
