import type { JsonObject, JsonValue } from "../json.js";

/** A JSON Schema (2020-12, with the older spellings that libraries still emit), or `true`/`false`. */
export type JsonSchema = boolean | JsonObject;

/** A member of a schema object read as a sub-schema; anything else counts as absent. */
export function asSchema(value: JsonValue | undefined): JsonSchema | undefined {
  if (typeof value === "boolean") return value;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

/** A list of sub-schemas (`anyOf`, `allOf`, `prefixItems`, …); absent where it is not an array. */
export function asSchemas(value: JsonValue | undefined): JsonSchema[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map(asSchema).filter((schema) => schema !== undefined);
}

/** A map of sub-schemas (`properties`, `$defs`, …). */
export function asSchemaMap(value: JsonValue | undefined): Record<string, JsonSchema> {
  const map: Record<string, JsonSchema> = Object.create(null) as Record<string, JsonSchema>;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return map;
  for (const [key, member] of Object.entries(value)) {
    const schema = asSchema(member);
    if (schema !== undefined) map[key] = schema;
  }
  return map;
}

export function asNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

export function asStrings(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
