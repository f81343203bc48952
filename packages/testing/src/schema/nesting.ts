import { isJsonObject } from "../json.js";
import { expand } from "./expand.js";
import { asNumber, asSchema, asSchemaMap, asSchemas, asStrings, type JsonSchema } from "./json-schema.js";

/** How many levels the smallest value of a schema needs; infinite where it can only contain itself. */
export function leastNesting(schema: JsonSchema, root: JsonSchema, entered: ReadonlySet<string> = new Set()): number {
  const { schema: expanded, refs } = expand(schema, root);
  if (refs.some((ref) => entered.has(ref))) return Number.POSITIVE_INFINITY;
  if (!isJsonObject(expanded) || expanded.const !== undefined || expanded.enum !== undefined) return 0;
  const inside = new Set([...entered, ...refs]);
  const options = asSchemas(expanded.anyOf) ?? asSchemas(expanded.oneOf);
  if (options) return Math.min(...options.map((option) => leastNesting(option, root, inside)));
  const properties = asSchemaMap(expanded.properties);
  const needed = asStrings(expanded.required).map((key) => properties[key] ?? true);
  const items = asSchema(expanded.items);
  if (items !== undefined && (asNumber(expanded.minItems) ?? 0) > 0) needed.push(items);
  needed.push(...(asSchemas(expanded.prefixItems) ?? []));
  return needed.length === 0 ? 0 : 1 + Math.max(...needed.map((part) => leastNesting(part, root, inside)));
}
