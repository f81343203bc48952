import { isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import { asSchemas, type JsonSchema } from "./json-schema.js";

const larger = new Set(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"]);
const smaller = new Set(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"]);
const nested = new Set(["items", "additionalProperties", "propertyNames", "contains", "additionalItems"]);
const maps = new Set(["properties", "patternProperties", "$defs", "definitions"]);

/** One schema that asks for what both ask for, as far as a single schema can say it. */
export function mergeSchemas(left: JsonSchema, right: JsonSchema): JsonSchema {
  if (typeof left === "boolean") return left ? right : false;
  if (typeof right === "boolean") return right ? left : false;
  const merged: JsonObject = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const own = merged[key];
    merged[key] = own === undefined || value === undefined ? (value ?? own) : mergeMember(key, own, value);
  }
  return merged;
}

function mergeMember(key: string, left: JsonValue, right: JsonValue): JsonValue {
  if (typeof left === "number" && typeof right === "number") {
    if (larger.has(key)) return Math.max(left, right);
    if (smaller.has(key)) return Math.min(left, right);
    if (key === "multipleOf") return left % right === 0 ? left : right % left === 0 ? right : left * right;
  }
  if (key === "type") return mergeTypes(left, right);
  if (key === "enum") return intersection(left, right);
  if (key === "required") return [...new Set([...list(left), ...list(right)])];
  if (key === "not") return { anyOf: [left, right] };
  if (key === "anyOf" || key === "oneOf") return crossed(left, right);
  if (key === "prefixItems" && Array.isArray(left) && Array.isArray(right)) return mergeLists(left, right);
  if (nested.has(key)) return mergeSchemas(left as JsonSchema, right as JsonSchema);
  if (maps.has(key) && isJsonObject(left) && isJsonObject(right)) return mergeMaps(left, right);
  return right;
}

function mergeTypes(left: JsonValue, right: JsonValue): JsonValue {
  const both = list(left).filter(
    (type) => list(right).includes(type) || (type === "integer" && list(right).includes("number")),
  );
  if (list(left).includes("number") && list(right).includes("integer")) both.push("integer");
  return both.length === 1 ? (both[0] as JsonValue) : both;
}

function intersection(left: JsonValue, right: JsonValue): JsonValue {
  const kept = list(right).map((item) => JSON.stringify(item));
  return list(left).filter((item) => kept.includes(JSON.stringify(item)));
}

function crossed(left: JsonValue, right: JsonValue): JsonValue {
  return (asSchemas(left) ?? []).flatMap((a) => (asSchemas(right) ?? []).map((b) => mergeSchemas(a, b)));
}

function mergeLists(left: readonly JsonValue[], right: readonly JsonValue[]): JsonValue {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) =>
    mergeSchemas((left[at] ?? true) as JsonSchema, (right[at] ?? true) as JsonSchema),
  );
}

function mergeMaps(left: JsonObject, right: JsonObject): JsonObject {
  const merged: JsonObject = { ...left };
  for (const [key, value] of Object.entries(right)) {
    merged[key] = mergeSchemas((merged[key] ?? true) as JsonSchema, (value ?? true) as JsonSchema);
  }
  return merged;
}

function list(value: JsonValue): JsonValue[] {
  return Array.isArray(value) ? value : [value];
}
