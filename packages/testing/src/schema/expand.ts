import { isJsonObject, type JsonObject, type JsonValue } from "../json.js";
import { percentDecoded } from "../text/percent-decoded.js";
import { asSchema, asSchemas, type JsonSchema } from "./json-schema.js";
import { mergeSchemas } from "./merge.js";

/** A schema without `$ref` and `allOf` at its top, and the references that were followed to get there. */
export interface ExpandedSchema {
  schema: JsonSchema;
  refs: string[];
}

const maxSteps = 64;

/** Follows `$ref` and folds `allOf` into the schema that holds them. */
export function expand(schema: JsonSchema, root: JsonSchema): ExpandedSchema {
  const refs: string[] = [];
  let current = schema;
  for (let step = 0; step < maxSteps && isJsonObject(current); step += 1) {
    const { $ref, $dynamicRef, allOf, ...rest } = current;
    const target = typeof $ref === "string" ? $ref : typeof $dynamicRef === "string" ? $dynamicRef : undefined;
    if (target !== undefined) {
      refs.push(target);
      current = mergeSchemas(resolveRef(target, root), allOf === undefined ? rest : { ...rest, allOf });
    } else if (allOf !== undefined) {
      current = (asSchemas(allOf) ?? []).reduce<JsonSchema>((merged, part) => mergeOne(merged, part, root, refs), rest);
    } else break;
  }
  return { schema: current, refs };
}

function mergeOne(merged: JsonSchema, part: JsonSchema, root: JsonSchema, refs: string[]): JsonSchema {
  const expanded = expand(part, root);
  refs.push(...expanded.refs);
  return mergeSchemas(merged, expanded.schema);
}

/** The schema a reference points at inside its document; `true` where it points nowhere. */
export function resolveRef(ref: string, root: JsonSchema): JsonSchema {
  const pointer = ref.slice(ref.indexOf("#") + 1);
  if (!isJsonObject(root) || pointer === "") return root;
  if (!pointer.startsWith("/")) return findAnchor(pointer, root) ?? true;
  let value: JsonValue | undefined = root;
  for (const part of pointer.slice(1).split("/")) {
    const key = percentDecoded(part).replaceAll("~1", "/").replaceAll("~0", "~");
    value = Array.isArray(value) ? value[Number(key)] : isJsonObject(value) ? value[key] : undefined;
  }
  return asSchema(value) ?? true;
}

function findAnchor(name: string, root: JsonObject): JsonSchema | undefined {
  if (root.$anchor === name || root.$dynamicAnchor === name) return root;
  for (const definitions of [root.$defs, root.definitions]) {
    if (!isJsonObject(definitions)) continue;
    for (const definition of Object.values(definitions)) {
      if (isJsonObject(definition) && (definition.$anchor === name || definition.$dynamicAnchor === name))
        return definition;
    }
  }
  return undefined;
}
