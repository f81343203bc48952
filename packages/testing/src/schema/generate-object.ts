import { isJsonObject, type JsonObject } from "../json.js";
import { expand } from "./expand.js";
import { valueAt } from "./generate-value.js";
import { type Generation, mustEnd, type Place } from "./generation.js";
import { asNumber, asSchema, asSchemaMap, asStrings, type JsonSchema } from "./json-schema.js";
import { leastNesting } from "./nesting.js";
import { textOfPattern } from "./pattern/text-of-pattern.js";
import { slug } from "./slug.js";

/** An object with its required members, most optional ones, and free keys where only a pattern of keys is given. */
export function generateObject(schema: JsonObject, place: Place, generation: Generation): JsonObject {
  const { random, root } = generation;
  const properties = asSchemaMap(schema.properties);
  const required = new Set(asStrings(schema.required));
  const most = asNumber(schema.maxProperties) ?? Number.POSITIVE_INFINITY;
  const value: JsonObject = {};

  const add = (key: string, member: JsonSchema): void => {
    // `__proto__` as a plain assignment would set the prototype and lose the member.
    Object.defineProperty(value, key, {
      value: valueAt(member, { ...place, name: key, description: "", depth: place.depth + 1 }, generation),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  };
  let optionalLeft = most - required.size;
  for (const [key, member] of Object.entries(properties)) {
    if (required.has(key)) add(key, member);
    else if (optionalLeft > 0 && wanted(member, place, generation)) {
      add(key, member);
      optionalLeft -= 1;
    }
  }
  for (const key of required) if (!Object.hasOwn(value, key)) add(key, memberSchema(key, schema));
  if (isJsonObject(schema.dependentRequired)) {
    for (const [key, needed] of Object.entries(schema.dependentRequired)) {
      if (!Object.hasOwn(value, key)) continue;
      for (const other of asStrings(needed)) if (!Object.hasOwn(value, other)) add(other, memberSchema(other, schema));
    }
  }

  const free = freeMembers(schema);
  const least = asNumber(schema.minProperties) ?? 0;
  const target = Math.min(
    most,
    Math.max(least, free && Object.keys(properties).length === 0 && !mustEnd(place) ? 2 : 0),
  );
  for (let attempt = 0; free && Object.keys(value).length < target && attempt < 40; attempt += 1) {
    const key = freeKey(free.pattern, asSchema(schema.propertyNames), generation);
    if (!Object.hasOwn(value, key)) add(key, free.schema);
  }
  for (const [key, member] of Object.entries(properties)) {
    if (Object.keys(value).length >= least) break;
    if (!Object.hasOwn(value, key) && leastNesting(member, root) < Number.POSITIVE_INFINITY) add(key, member);
  }
  return value;

  function wanted(member: JsonSchema, at: Place, from: Generation): boolean {
    return (
      member !== false &&
      !mustEnd(at) &&
      leastNesting(member, from.root) < Number.POSITIVE_INFINITY &&
      random.chance(0.85)
    );
  }
}

function memberSchema(key: string, schema: JsonObject): JsonSchema {
  return asSchemaMap(schema.properties)[key] ?? freeMembers(schema)?.schema ?? true;
}

function freeMembers(schema: JsonObject): { schema: JsonSchema; pattern?: string } | undefined {
  const [pattern] = Object.entries(asSchemaMap(schema.patternProperties));
  if (pattern) return { pattern: pattern[0], schema: pattern[1] };
  const others = asSchema(schema.additionalProperties) ?? asSchema(schema.unevaluatedProperties);
  if (others === false) return undefined;
  return others === undefined && schema.propertyNames === undefined && schema.minProperties === undefined
    ? undefined
    : { schema: others ?? true };
}

function freeKey(pattern: string | undefined, names: JsonSchema | undefined, generation: Generation): string {
  if (pattern !== undefined)
    return textOfPattern(pattern, generation.random, 1, 40) ?? generation.random.text(8, "abcdefghij");
  const { schema } = expand(names ?? true, generation.root);
  if (isJsonObject(schema) && Object.keys(schema).some((key) => key !== "type")) {
    return String(valueAt(schema, { name: "key", description: "", depth: 0, refs: new Map() }, generation));
  }
  return slug(generation.composer.word(), generation.random).replaceAll("-", "_");
}
