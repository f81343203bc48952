import { resolveRef } from "./json-schema/resolve-ref.js";
import { isSchemaObject, mapSubschemas } from "./json-schema/subschemas.js";
import type { JsonSchema } from "./schema.js";

const MOST_HOPS = 32;

/** A schema in the form every model service takes: an object at its root. */
export interface ObjectRoot {
  /** What goes out. */
  jsonSchema: JsonSchema;
  /** The same before wrapping: what the caller's value has to match. */
  inner: JsonSchema;
  /** The root was no object and stands under `value` now. */
  wrapped: boolean;
}

/** Gives a schema an object as its root: follows a reference at the root, or wraps what is no object as `{ value }`. */
export function objectRoot(schema: JsonSchema): ObjectRoot {
  const inner = followRoot(schema);
  if (inner.type === "object") return { jsonSchema: inner, inner, wrapped: false };
  if (inner.type === undefined && isSchemaObject(inner.properties) && !hasChoice(inner)) {
    const jsonSchema = { type: "object", ...inner };
    return { jsonSchema, inner: jsonSchema, wrapped: false };
  }
  const { $defs, definitions, ...value } = inner;
  const jsonSchema = {
    type: "object",
    properties: { value: moveRefs(value) },
    required: ["value"],
    additionalProperties: false,
    ...(isSchemaObject($defs) ? { $defs: mapSubschemas({ $defs }, moveRefs).$defs } : {}),
    ...(isSchemaObject(definitions) ? { definitions: mapSubschemas({ definitions }, moveRefs).definitions } : {}),
  };
  return { jsonSchema, inner, wrapped: true };
}

function followRoot(schema: JsonSchema): JsonSchema {
  let { $schema: _, $id: __, ...root } = schema;
  for (let hops = 0; typeof root.$ref === "string" && hops < MOST_HOPS; hops++) {
    const { $ref, ...siblings } = root;
    const target = resolveRef(root, $ref as string);
    if (!isSchemaObject(target) || $ref === "#") return root;
    root = { ...target, ...siblings };
  }
  return root;
}

function hasChoice(schema: JsonSchema): boolean {
  return ["anyOf", "oneOf", "allOf", "enum", "const"].some((keyword) => keyword in schema);
}

/** References into what was the root follow it to its new place; definitions stay at the root. */
function moveRefs(schema: JsonSchema): JsonSchema {
  const moved = mapSubschemas(schema, moveRefs);
  const { $ref } = schema;
  if (typeof $ref !== "string" || /^#\/(\$defs|definitions)\//.test($ref)) return moved;
  return {
    ...moved,
    $ref: $ref === "#" || $ref === "#/" ? "#/properties/value" : $ref.replace(/^#\//, "#/properties/value/"),
  };
}
