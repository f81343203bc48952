import { resolveRef } from "./json-schema/resolve-ref.js";
import { isSchemaObject } from "./json-schema/subschemas.js";
import { isOfType, typeOfJson } from "./json-schema/type-of-json.js";
import type { JsonSchema } from "./schema.js";
import { strictKeywords } from "./strict-keywords.js";

const MOST_PROPERTIES = 5_000;
const MOST_ENUM_VALUES = 1_000;
const DEEPEST = 10;
const MOST_NODES = 20_000;
const MOST_INLINED = 32;

/**
 * A schema in OpenAI's strict form: every property required, nothing additional, only keywords that a service's
 * grammar knows. Optional properties may be null there; `validate()` of the normalised schema takes those nulls
 * away again. Rules without a keyword (`minLength`) stand in the description.
 *
 * Shape: undefined where the form cannot say what the schema means: open objects, tuples, `allOf` of several,
 * values of any kind, more than 10 levels, 5,000 properties or 1,000 enum values.
 * Source: OpenAI's guide to structured outputs, supported schemas.
 */
export function toStrictSchema(schema: JsonSchema): JsonSchema | undefined {
  try {
    return new StrictWriter(schema).write();
  } catch (error) {
    if (error instanceof Inexpressible) return undefined;
    throw error;
  }
}

class Inexpressible extends Error {}

const ANNOTATIONS = new Set([
  "title",
  "description",
  "default",
  "examples",
  "$comment",
  "deprecated",
  "readOnly",
  "writeOnly",
  "discriminator",
]);

class StrictWriter {
  readonly #root: JsonSchema;
  /** Where each reference went: its name under `$defs`. */
  readonly #names = new Map<string, string>();
  #nodes = 0;
  #properties = 0;
  #enumValues = 0;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  write(): JsonSchema {
    const { $defs: _, definitions: __, ...body } = this.#root;
    const root = this.#write(body, 0, new Set(["#"]));
    if (root.type !== "object") throw new Inexpressible();
    const defs: [string, JsonSchema][] = [];
    // Writing a definition may name further ones; the map grows while it is read.
    for (const [ref, name] of this.#names)
      defs.push([name, this.#write(resolveRef(this.#root, ref), 1, new Set([ref]))]);
    return defs.length === 0 ? root : { ...root, $defs: Object.fromEntries(defs) };
  }

  /** @param inlined - the references that `schema` was reached through without one being written */
  #write(schema: unknown, depth: number, inlined: ReadonlySet<string>): JsonSchema {
    this.#nodes++;
    if (!isSchemaObject(schema) || depth > DEEPEST || this.#nodes > MOST_NODES) throw new Inexpressible();
    if (schema.nullable === true) return orNull(this.#write({ ...schema, nullable: undefined }, depth, inlined));
    if (typeof schema.$ref === "string") return this.#writeRef(schema, schema.$ref, depth, inlined);
    if (Array.isArray(schema.allOf)) return this.#writeAll(schema, schema.allOf, depth, inlined);
    const choices = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(choices)) return this.#writeChoices(schema, choices, depth, inlined);
    if ("const" in schema) {
      const { const: only, ...rest } = schema;
      return this.#write({ type: constType(only), ...rest, enum: [only] }, depth, inlined);
    }
    const type = schema.type ?? impliedType(schema);
    if (Array.isArray(type)) return this.#writeTypes(schema, type, depth, inlined);
    if (Array.isArray(schema.enum)) this.#countEnum(schema.enum);
    if (type === "object") return this.#writeObject(schema, depth, inlined);
    if (type === "array") {
      if (schema.prefixItems !== undefined) throw new Inexpressible();
      return { ...strictKeywords("array", schema), items: this.#write(schema.items, depth + 1, inlined) };
    }
    if (typeof type !== "string") throw new Inexpressible();
    return strictKeywords(type, schema);
  }

  #writeObject(schema: JsonSchema, depth: number, inlined: ReadonlySet<string>): JsonSchema {
    const { properties, additionalProperties, patternProperties, required } = schema;
    const isOpen = additionalProperties !== undefined && additionalProperties !== false;
    if (!isSchemaObject(properties) || isOpen || patternProperties !== undefined || schema.enum !== undefined)
      throw new Inexpressible();
    const needed = new Set<unknown>(Array.isArray(required) ? required : []);
    if ([...needed].some((name) => !Object.hasOwn(properties, name as string))) throw new Inexpressible();
    const entries = Object.entries(properties).map(([name, rule]): [string, JsonSchema] => {
      this.#properties++;
      if (this.#properties > MOST_PROPERTIES) throw new Inexpressible();
      const written = this.#write(rule, depth + 1, inlined);
      return [name, needed.has(name) ? written : orNull(written)];
    });
    return {
      ...strictKeywords("object", schema),
      properties: Object.fromEntries(entries),
      required: entries.map(([name]) => name),
      additionalProperties: false,
    };
  }

  #writeChoices(
    schema: JsonSchema,
    choices: readonly unknown[],
    depth: number,
    inlined: ReadonlySet<string>,
  ): JsonSchema {
    const others = Object.keys(schema).filter(
      (keyword) => schema[keyword] !== undefined && !ANNOTATIONS.has(keyword) && keyword !== "type",
    );
    if (others.length > 1 || choices.length === 0) throw new Inexpressible();
    return { ...annotations(schema), anyOf: choices.map((choice) => this.#write(choice, depth, inlined)) };
  }

  #writeTypes(schema: JsonSchema, types: readonly unknown[], depth: number, inlined: ReadonlySet<string>): JsonSchema {
    const { title: _, description: __, ...rest } = schema;
    const one = (type: unknown) => {
      const fitting = Array.isArray(rest.enum) ? { enum: rest.enum.filter((value) => isOfType(value, type)) } : {};
      return { ...rest, ...fitting, type };
    };
    const used = types.map(one).filter((choice) => choice.enum === undefined || (choice.enum as unknown[]).length > 0);
    const [only] = used;
    if (used.length === 1) return this.#write({ ...annotations(schema), ...only }, depth, inlined);
    return { ...annotations(schema), anyOf: used.map((choice) => this.#write(choice, depth, inlined)) };
  }

  #writeAll(schema: JsonSchema, parts: readonly unknown[], depth: number, inlined: ReadonlySet<string>): JsonSchema {
    const [part] = parts;
    if (parts.length !== 1 || !isSchemaObject(part)) throw new Inexpressible();
    const { allOf: _, ...rest } = schema;
    if (Object.keys(rest).some((keyword) => !ANNOTATIONS.has(keyword) && keyword in part)) throw new Inexpressible();
    return this.#write({ ...part, ...rest }, depth, inlined);
  }

  /** A reference may have no neighbours in the strict form: with some, what it points to is written in its place. */
  #writeRef(schema: JsonSchema, ref: string, depth: number, inlined: ReadonlySet<string>): JsonSchema {
    const { $ref: _, ...siblings } = schema;
    const keywords = Object.keys(siblings).filter((keyword) => siblings[keyword] !== undefined);
    if (keywords.length > 0 && !inlined.has(ref)) {
      const target = resolveRef(this.#root, ref);
      if (!isSchemaObject(target) || inlined.size > MOST_INLINED) throw new Inexpressible();
      if (keywords.some((keyword) => !ANNOTATIONS.has(keyword) && keyword in target)) throw new Inexpressible();
      return this.#write({ ...target, ...siblings }, depth, new Set([...inlined, ref]));
    }
    if (!keywords.every((keyword) => ANNOTATIONS.has(keyword))) throw new Inexpressible();
    return { $ref: ref === "#" || ref === "#/" ? "#" : `#/$defs/${this.#define(ref)}` };
  }

  #define(ref: string): string {
    const known = this.#names.get(ref);
    if (known !== undefined) return known;
    const wanted = /^#\/(?:\$defs|definitions)\/([\w.-]+)$/.exec(ref)?.[1] ?? "part";
    const taken = new Set(this.#names.values());
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
    this.#names.set(ref, name);
    return name;
  }

  #countEnum(values: readonly unknown[]): void {
    this.#enumValues += values.length;
    const isPlain = values.every((value) => typeof value !== "object" || value === null);
    if (!isPlain || this.#enumValues > MOST_ENUM_VALUES) throw new Inexpressible();
  }
}

function annotations({ title, description }: JsonSchema): JsonSchema {
  return {
    ...(typeof title === "string" ? { title } : {}),
    ...(typeof description === "string" ? { description } : {}),
  };
}

function orNull(schema: JsonSchema): JsonSchema {
  const choices = Array.isArray(schema.anyOf) ? (schema.anyOf as JsonSchema[]) : undefined;
  if (schema.type === "null" || choices?.some(({ type }) => type === "null")) return schema;
  if (choices !== undefined) return { ...schema, anyOf: [...choices, { type: "null" }] };
  const { title: _, description: __, ...rest } = schema;
  return { ...annotations(schema), anyOf: [rest, { type: "null" }] };
}

function constType(value: unknown): string {
  return Number.isInteger(value) ? "integer" : typeOfJson(value);
}

function impliedType(schema: JsonSchema): unknown {
  if (isSchemaObject(schema.properties)) return "object";
  if (schema.items !== undefined) return "array";
  if (!Array.isArray(schema.enum)) return undefined;
  const types = [...new Set(schema.enum.map(constType))];
  return types.length === 1 ? types[0] : types;
}
