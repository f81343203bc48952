import type { JsonSchema } from "../schema.js";
import { resolveRef } from "./resolve-ref.js";
import { isSchemaObject, type SubSchema } from "./subschemas.js";
import { acceptorOf } from "./validate-json.js";

const DEEPEST = 600;

/**
 * A copy of an answer without the nulls that stand for "absent": those of keys that are not required and that may
 * not be null. Strict forms ask for them, and models write them unasked. The answer itself where there are none.
 */
export function stripNulls(root: JsonSchema, value: unknown): unknown {
  return new NullStripper(root).strip(root, value, 0);
}

class NullStripper {
  readonly #root: JsonSchema;
  readonly #accepts: (schema: SubSchema, value: unknown) => boolean;
  /** Each value once for each schema: a recursive union would otherwise take exponential time. */
  readonly #done = new Map<object, Map<JsonSchema, unknown>>();

  constructor(root: JsonSchema) {
    this.#root = root;
    this.#accepts = acceptorOf(root);
  }

  strip(schema: unknown, value: unknown, depth: number): unknown {
    if (!isSchemaObject(schema) || typeof value !== "object" || value === null || depth > DEEPEST) return value;
    const done = this.#done.get(value) ?? new Map<JsonSchema, unknown>();
    this.#done.set(value, done);
    if (!done.has(schema)) done.set(schema, this.#stripOnce(schema, value, depth + 1));
    return done.get(schema);
  }

  #stripOnce(schema: JsonSchema, value: object, depth: number): unknown {
    let stripped: unknown = value;
    if (typeof schema.$ref === "string") stripped = this.strip(resolveRef(this.#root, schema.$ref), stripped, depth);
    for (const part of listOf(schema.allOf)) stripped = this.strip(part, stripped, depth);
    for (const choices of [listOf(schema.anyOf), listOf(schema.oneOf)]) {
      for (const choice of choices) {
        const tried = this.strip(choice, stripped, depth);
        if (!this.#accepts(choice as SubSchema, tried)) continue;
        stripped = tried;
        break;
      }
    }
    if (Array.isArray(stripped)) return this.#stripArray(schema, stripped, depth);
    return this.#stripObject(schema, stripped as Record<string, unknown>, depth);
  }

  #stripArray(schema: JsonSchema, value: readonly unknown[], depth: number): unknown {
    const first = listOf(Array.isArray(schema.items) ? schema.items : schema.prefixItems);
    const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
    const items = value.map((item, position) => this.strip(first[position] ?? rest, item, depth));
    return items.some((item, position) => item !== value[position]) ? items : value;
  }

  #stripObject(schema: JsonSchema, value: Record<string, unknown>, depth: number): unknown {
    const properties = isSchemaObject(schema.properties) ? schema.properties : {};
    const required = new Set(listOf(schema.required));
    let changed = false;
    const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
      const known = Object.hasOwn(properties, key);
      const rule = known ? properties[key] : schema.additionalProperties;
      if (item === null && known && !required.has(key) && !this.#accepts(rule as SubSchema, null)) {
        changed = true;
        return [];
      }
      const next = this.strip(rule, item, depth);
      changed ||= next !== item;
      return [[key, next]];
    });
    return changed ? Object.fromEntries(entries) : value;
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
