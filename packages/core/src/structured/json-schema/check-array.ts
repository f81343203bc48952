import { below } from "../issue.js";
import type { JsonSchema } from "../schema.js";
import type { CheckContext } from "./check-context.js";
import { canonicalJson } from "./same-json.js";
import { isSchemaObject, type SubSchema } from "./subschemas.js";

export function checkArray(schema: JsonSchema, value: readonly unknown[], path: string, context: CheckContext): void {
  const { minItems, maxItems } = schema;
  if (typeof minItems === "number" && value.length < minItems) {
    context.report(path, `must have at least ${minItems} items, not ${value.length}`);
  }
  if (typeof maxItems === "number" && value.length > maxItems) {
    context.report(path, `must have at most ${maxItems} items, not ${value.length}`);
  }
  if (schema.uniqueItems === true && new Set(value.map(canonicalJson)).size < value.length) {
    context.report(path, "must not have two equal items");
  }
  checkItems(schema, value, path, context);
  checkContains(schema, value, path, context);
}

/** Tuples are written with `prefixItems`, in older drafts with an array as `items`. */
function checkItems(schema: JsonSchema, value: readonly unknown[], path: string, context: CheckContext): void {
  const old = Array.isArray(schema.items);
  const first = (old ? schema.items : schema.prefixItems) as SubSchema[] | undefined;
  const rest = (old ? schema.additionalItems : schema.items) as SubSchema | undefined;
  for (let position = 0; position < value.length && !context.full; position++) {
    const item = first?.[position] ?? rest;
    if (item !== undefined) context.check(item, value[position], below(path, position));
  }
}

function checkContains(schema: JsonSchema, value: readonly unknown[], path: string, context: CheckContext): void {
  const { contains, minContains, maxContains } = schema;
  if (typeof contains !== "boolean" && !isSchemaObject(contains)) return;
  const found = value.filter((item) => context.accepts(contains, item)).length;
  const least = typeof minContains === "number" ? minContains : 1;
  if (found < least)
    context.report(path, `must have at least ${least} items of a kind that its schema names, not ${found}`);
  if (typeof maxContains === "number" && found > maxContains) {
    context.report(path, `must have at most ${maxContains} items of a kind that its schema names, not ${found}`);
  }
}
