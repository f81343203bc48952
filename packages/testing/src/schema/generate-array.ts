import { canonicalJson, type JsonObject, type JsonValue } from "../json.js";
import { promptNumber } from "../text/prompt-numbers.js";
import { valueAt } from "./generate-value.js";
import { type Generation, mustEnd, type Place } from "./generation.js";
import { asNumber, asSchema, asSchemas } from "./json-schema.js";
import { leastNesting } from "./nesting.js";

const maxTriesForUnique = 30;

/** An array as long as the prompt says (`8 slides`), else of a few items, within `minItems` and `maxItems`. */
export function generateArray(schema: JsonObject, place: Place, generation: Generation): JsonValue[] {
  const tuple = asSchemas(schema.prefixItems) ?? (Array.isArray(schema.items) ? (asSchemas(schema.items) ?? []) : []);
  const items = asSchema(schema.items) ?? asSchema(schema.additionalItems) ?? tuple.length === 0;
  const contains = asSchema(schema.contains);
  const least = Math.max(
    asNumber(schema.minItems) ?? 0,
    items === false ? tuple.length : 0,
    contains === undefined ? 0 : (asNumber(schema.minContains) ?? 1),
  );
  const most = Math.min(
    asNumber(schema.maxItems) ?? Number.POSITIVE_INFINITY,
    items === false ? tuple.length : Number.POSITIVE_INFINITY,
  );
  const endless = items !== false && leastNesting(items, generation.root) === Number.POSITIVE_INFINITY;
  const length = endless ? least : lengthWithin(least, most, place, generation);

  const unique = schema.uniqueItems === true;
  const seen = new Set<string>();
  const value: JsonValue[] = [];
  for (let at = 0; at < length; at += 1) {
    const wanted = tuple[at] ?? (contains !== undefined && at < (asNumber(schema.minContains) ?? 1) ? contains : items);
    const inside: Place = { ...place, name: singular(place.name), depth: place.depth + 1, index: at };
    let item = valueAt(wanted, inside, generation);
    let key = unique ? canonicalJson(item) : "";
    for (let tries = 0; unique && seen.has(key) && tries < maxTriesForUnique; tries += 1) {
      item = valueAt(wanted, inside, generation);
      key = canonicalJson(item);
    }
    if (unique && seen.has(key) && value.length >= least) break;
    seen.add(key);
    value.push(item);
  }
  return value;
}

function lengthWithin(least: number, most: number, place: Place, generation: Generation): number {
  if (mustEnd(place)) return least;
  const asked = promptNumber(generation.prompt, place.name);
  if (asked !== undefined && Number.isInteger(asked) && asked >= least && asked <= most && asked <= 200) return asked;
  const usual = place.depth <= 1 ? [3, 5] : place.depth <= 3 ? [2, 4] : [1, 2];
  const from = Math.max(least, Math.min(usual[0] as number, most));
  return generation.random.integer(from, Math.max(from, Math.min(usual[1] as number, most)));
}

function singular(name: string): string {
  return name.replace(/(?:ies)$/, "y").replace(/(?<=[a-z]{2})s$/, "");
}
