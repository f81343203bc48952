import type { StandardSchemaV1 } from "./standard-schema.js";

/** A JSON Schema object. */
export type JsonSchema = { [keyword: string]: unknown };

declare const OUTPUT: unique symbol;
/** A JSON Schema that knows the type it describes; made by `jsonSchema<T>()`. */
export type TypedJsonSchema<T> = JsonSchema & { readonly [OUTPUT]?: T };

/** OpenAI's wrapper, as the original guide writes it. */
export interface JsonSchemaFormat {
  type: "json_schema";
  json_schema: { name: string; schema: JsonSchema; strict?: boolean | undefined; description?: string | undefined };
}

/** Three spellings of one thing: a Standard Schema validator, a bare JSON Schema, or the wrapper around one. */
export type Schema = StandardSchemaV1 | JsonSchema | JsonSchemaFormat;

/** What a validated answer to a schema is. */
export type Infer<S> =
  S extends StandardSchemaV1<infer _I, infer O>
    ? O
    : S extends { readonly [OUTPUT]?: infer T }
      ? unknown extends T
        ? unknown
        : T
      : unknown;

type DeepPartial<T> = T extends readonly (infer E)[]
  ? DeepPartial<E>[]
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T;

/** What a growing answer to a schema is: the schema's input, with everything possibly missing yet. */
export type InferPartial<S> = DeepPartial<
  S extends StandardSchemaV1<infer I, infer _O>
    ? I
    : S extends { readonly [OUTPUT]?: infer T }
      ? unknown extends T
        ? unknown
        : T
      : unknown
>;

/** Gives a JSON Schema the type of the values it describes. The schema is used as it is. */
export function jsonSchema<T = unknown>(schema: object): TypedJsonSchema<T> {
  return schema as TypedJsonSchema<T>;
}

/** How an object is asked for, strongest first. */
export type Strategy = "json_schema_strict" | "json_schema" | "tool" | "json_object";
