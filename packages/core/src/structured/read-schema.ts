import { createError } from "../errors/error-classes.js";
import { fromStandardIssue, type Validation } from "./issue.js";
import { isSchemaObject, mapSubschemas } from "./json-schema/subschemas.js";
import { validateJson } from "./json-schema/validate-json.js";
import type { JsonSchema } from "./schema.js";
import { SchemaCore } from "./schema-core.js";
import type { StandardSchemaV1 } from "./standard-schema.js";

/** A schema and what its wrapper, if it has one, says about it. */
export interface SchemaReading {
  core: SchemaCore;
  name?: string | undefined;
  description?: string | undefined;
  strict?: boolean | undefined;
}

/** Validators do not change once made; a plain JSON Schema may, so that it is read each time. */
const cores = new WeakMap<object, SchemaCore>();

export function readSchema(schema: unknown): SchemaReading {
  if (isStandardSchema(schema)) return { core: coreOfValidator(schema) };
  if (!isSchemaObject(schema)) {
    throw createError("invalid_request", "`schema` is missing or no object", {
      hint: 'give a zod schema, a JSON Schema, or { type: "json_schema", json_schema: { name, schema } }',
    });
  }
  if (schema.type === "json_schema") return readWrapper(schema);
  return { core: coreOfJsonSchema(schema) };
}

function readWrapper({ json_schema }: JsonSchema): SchemaReading {
  if (!isSchemaObject(json_schema) || !(isSchemaObject(json_schema.schema) || isStandardSchema(json_schema.schema))) {
    throw createError("invalid_request", '`schema` says type "json_schema" and has no `json_schema.schema`');
  }
  const { name, description, strict } = json_schema;
  return {
    core: readSchema(json_schema.schema).core,
    name: typeof name === "string" ? name : undefined,
    description: typeof description === "string" ? description : undefined,
    strict: typeof strict === "boolean" ? strict : undefined,
  };
}

function coreOfJsonSchema(schema: JsonSchema): SchemaCore {
  return new SchemaCore(schema, (inner) => (value) => {
    const issues = validateJson(inner, value);
    return issues.length === 0 ? { ok: true, value } : { ok: false, issues };
  });
}

function coreOfValidator(schema: StandardSchemaV1): SchemaCore {
  const known = cores.get(schema);
  if (known !== undefined) return known;
  const core = new SchemaCore(writeJsonSchema(schema), () => async (value): Promise<Validation> => {
    const found = await schema["~standard"].validate(value);
    return found.issues === undefined
      ? { ok: true, value: found.value }
      : { ok: false, issues: found.issues.map(fromStandardIssue) };
  });
  cores.set(schema, core);
  return core;
}

function writeJsonSchema(schema: StandardSchemaV1): JsonSchema {
  const { vendor, jsonSchema } = schema["~standard"];
  if (jsonSchema === undefined) {
    throw createError("invalid_request", `this ${vendor} schema cannot write itself as JSON Schema`, {
      hint: adviceFor(vendor),
    });
  }
  let written: unknown;
  try {
    written = jsonSchema.input({ target: "draft-2020-12" });
    if (isSchemaObject(written)) return withoutSafeBounds(written);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw createError("invalid_request", `this ${vendor} schema cannot be written as JSON Schema: ${reason}`, {
      hint: "use a type that JSON has (a date as text, a big integer as text), or give a JSON Schema by jsonSchema<T>()",
      cause: error,
    });
  }
  throw createError("invalid_request", `this ${vendor} schema wrote ${typeof written} in place of a JSON Schema`);
}

function adviceFor(vendor: string): string {
  if (vendor === "zod") return "use zod 4.2 or newer, or give a JSON Schema by jsonSchema<T>()";
  if (vendor === "valibot") return "wrap it by toStandardJsonSchema() of @valibot/to-json-schema 1.5 or newer";
  return `use a version of ${vendor} that has "~standard".jsonSchema, or give a JSON Schema by jsonSchema<T>()`;
}

/** Zod bounds every integer by what a double holds; that says nothing, and several services refuse it. */
function withoutSafeBounds(schema: JsonSchema): JsonSchema {
  const { minimum, maximum } = schema;
  const rest = mapSubschemas(schema, withoutSafeBounds);
  if (minimum === Number.MIN_SAFE_INTEGER) delete rest.minimum;
  if (maximum === Number.MAX_SAFE_INTEGER) delete rest.maximum;
  return rest;
}

function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  const isThing = (typeof value === "object" && value !== null) || typeof value === "function";
  if (!isThing || !("~standard" in value)) return false;
  const standard = value["~standard"];
  return typeof standard === "object" || typeof standard === "function";
}
