import type { Validation } from "./issue.js";
import { readSchema, type SchemaReading } from "./read-schema.js";
import type { JsonSchema, Schema } from "./schema.js";

/** A schema in the one form everything works with, whichever way it was spelt. */
export interface NormalizedSchema {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON Schema (draft 2020-12) of the input, with an object at its root: what goes out. */
  readonly jsonSchema: JsonSchema;
  /** The same in OpenAI's strict form; undefined where that form cannot say it. */
  readonly strictSchema: JsonSchema | undefined;
  /** What the wrapper asked for; undefined where nothing did. */
  readonly strict: boolean | undefined;
  /** The root was no object: it stands under `value` in what goes out and comes in. */
  readonly wrapped: boolean;
  /** Equal for schemas that ask for the same. */
  readonly cacheKey: string;
  /** Checks an answer as it came: unwraps it, drops nulls that stand for "absent", transforms. Never throws. */
  validate(value: unknown): Promise<Validation>;
}

/**
 * Reads a schema in any of its three spellings: a Standard Schema validator, a bare JSON Schema, or OpenAI's
 * `{ type: "json_schema", json_schema }` around one. The same content gives the same request.
 *
 * Throws: `invalid_request` for a validator that cannot write itself as JSON Schema, with advice, and for a schema
 * that is cyclic, too large, refers to something outside itself or has a pattern that is no regular expression.
 */
export function normalizeSchema(
  schema: Schema,
  { name, description }: { name?: string | undefined; description?: string | undefined } = {},
): NormalizedSchema {
  const { core, ...wrapper } = readSchema(schema);
  return new Normalized(core, cleanName(name ?? wrapper.name), description ?? wrapper.description, wrapper.strict);
}

class Normalized implements NormalizedSchema {
  readonly #core: SchemaReading["core"];
  readonly name: string;
  readonly description: string | undefined;
  readonly strict: boolean | undefined;

  constructor(core: SchemaReading["core"], name: string, description: string | undefined, strict: boolean | undefined) {
    this.#core = core;
    this.name = name;
    this.description = description;
    this.strict = strict;
  }

  get jsonSchema(): JsonSchema {
    return this.#core.jsonSchema;
  }

  get strictSchema(): JsonSchema | undefined {
    return this.#core.strictSchema;
  }

  get wrapped(): boolean {
    return this.#core.wrapped;
  }

  get cacheKey(): string {
    return JSON.stringify([this.name, this.description, this.strict, this.jsonSchema]);
  }

  validate(value: unknown): Promise<Validation> {
    return this.#core.validate(value);
  }
}

function cleanName(name: string | undefined): string {
  const clean = (name ?? "").replace(/[^\w-]/g, "_").slice(0, 64);
  return clean === "" ? "answer" : clean;
}
