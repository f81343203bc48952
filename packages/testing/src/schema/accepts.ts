import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import { resolveRef } from "./expand.js";
import { asNumber, asSchema, asSchemaMap, asSchemas, asStrings, type JsonSchema } from "./json-schema.js";
import { matchesPattern } from "./matches-pattern.js";

/** Whether a value satisfies a schema; `format` is not judged (it is an annotation unless `pattern` says more). */
export function accepts(value: JsonValue, schema: JsonSchema, root: JsonSchema): boolean {
  if (typeof schema === "boolean") return schema;
  if (typeof schema.$ref === "string" && !accepts(value, resolveRef(schema.$ref, root), root)) return false;
  return (
    acceptsType(value, schema) &&
    acceptsConstants(value, schema) &&
    acceptsCombinations(value, schema, root) &&
    (typeof value !== "number" || acceptsNumber(value, schema)) &&
    (typeof value !== "string" || acceptsString(value, schema)) &&
    (!Array.isArray(value) || acceptsArray(value, schema, root)) &&
    (!isJsonObject(value) || acceptsObject(value, schema, root))
  );
}

function acceptsType(value: JsonValue, { type, nullable }: JsonObject): boolean {
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (types.length === 0 || (nullable === true && value === null)) return true;
  return types.some((name) => {
    if (name === "integer") return Number.isInteger(value);
    if (name === "null") return value === null;
    if (name === "array") return Array.isArray(value);
    if (name === "object") return isJsonObject(value);
    return typeof value === name;
  });
}

function acceptsConstants(value: JsonValue, schema: JsonObject): boolean {
  const text = canonicalJson(value);
  if (schema.const !== undefined && canonicalJson(schema.const) !== text) return false;
  return !Array.isArray(schema.enum) || schema.enum.some((item) => canonicalJson(item) === text);
}

function acceptsCombinations(value: JsonValue, schema: JsonObject, root: JsonSchema): boolean {
  const fits = (part: JsonSchema): boolean => accepts(value, part, root);
  if (!(asSchemas(schema.allOf) ?? []).every(fits)) return false;
  if (schema.anyOf !== undefined && !(asSchemas(schema.anyOf) ?? []).some(fits)) return false;
  if (schema.oneOf !== undefined && (asSchemas(schema.oneOf) ?? []).filter(fits).length !== 1) return false;
  const not = asSchema(schema.not);
  if (not !== undefined && fits(not)) return false;
  const condition = asSchema(schema.if);
  if (condition === undefined) return true;
  return fits(asSchema(fits(condition) ? schema.then : schema.else) ?? true);
}

function acceptsNumber(value: number, schema: JsonObject): boolean {
  const step = asNumber(schema.multipleOf);
  const quotient = step === undefined ? 0 : value / step;
  return (
    value >= (asNumber(schema.minimum) ?? Number.NEGATIVE_INFINITY) &&
    value <= (asNumber(schema.maximum) ?? Number.POSITIVE_INFINITY) &&
    value > (asNumber(schema.exclusiveMinimum) ?? Number.NEGATIVE_INFINITY) &&
    value < (asNumber(schema.exclusiveMaximum) ?? Number.POSITIVE_INFINITY) &&
    Math.abs(quotient - Math.round(quotient)) < 1e-9
  );
}

function acceptsString(value: string, schema: JsonObject): boolean {
  const length = [...value].length;
  if (length < (asNumber(schema.minLength) ?? 0) || value.length > (asNumber(schema.maxLength) ?? Number.MAX_VALUE))
    return false;
  return typeof schema.pattern !== "string" || matchesPattern(value, schema.pattern);
}

function acceptsArray(value: readonly JsonValue[], schema: JsonObject, root: JsonSchema): boolean {
  if (value.length < (asNumber(schema.minItems) ?? 0)) return false;
  if (value.length > (asNumber(schema.maxItems) ?? Number.MAX_VALUE)) return false;
  if (schema.uniqueItems === true && new Set(value.map(canonicalJson)).size !== value.length) return false;
  const prefix = asSchemas(schema.prefixItems) ?? (Array.isArray(schema.items) ? (asSchemas(schema.items) ?? []) : []);
  const rest = asSchema(schema.items) ?? asSchema(schema.additionalItems) ?? true;
  if (!value.every((item, at) => accepts(item, prefix[at] ?? rest, root))) return false;
  const contains = asSchema(schema.contains);
  if (contains === undefined) return true;
  const hits = value.filter((item) => accepts(item, contains, root)).length;
  return hits >= (asNumber(schema.minContains) ?? 1) && hits <= (asNumber(schema.maxContains) ?? Number.MAX_VALUE);
}

function acceptsObject(value: JsonObject, schema: JsonObject, root: JsonSchema): boolean {
  const entries = Object.entries(value).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  if (entries.length < (asNumber(schema.minProperties) ?? 0)) return false;
  if (entries.length > (asNumber(schema.maxProperties) ?? Number.MAX_VALUE)) return false;
  if (asStrings(schema.required).some((key) => !Object.hasOwn(value, key))) return false;
  if (isJsonObject(schema.dependentRequired)) {
    for (const [key, needed] of Object.entries(schema.dependentRequired)) {
      if (Object.hasOwn(value, key) && asStrings(needed).some((other) => !Object.hasOwn(value, other))) return false;
    }
  }
  const properties = asSchemaMap(schema.properties);
  const patterns = Object.entries(asSchemaMap(schema.patternProperties));
  const names = asSchema(schema.propertyNames) ?? true;
  const others = asSchema(schema.additionalProperties) ?? true;
  return entries.every(([key, member]) => {
    const own = properties[key];
    const matching = patterns.filter(([pattern]) => matchesPattern(key, pattern)).map(([, part]) => part);
    const judged =
      own === undefined && matching.length === 0 ? [others] : [...(own === undefined ? [] : [own]), ...matching];
    return accepts(key, names, root) && judged.every((part) => accepts(member, part, root));
  });
}
