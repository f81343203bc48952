import type { Issue } from "../issue.js";
import type { JsonSchema } from "../schema.js";
import { checkArray } from "./check-array.js";
import { checkChoices } from "./check-choices.js";
import { CheckContext } from "./check-context.js";
import { checkObject } from "./check-object.js";
import { checkNumber, checkString } from "./check-scalars.js";
import { resolveRef } from "./resolve-ref.js";
import { sameJson } from "./same-json.js";
import { isSchemaObject, type SubSchema } from "./subschemas.js";
import { isOfType, typeOfJson } from "./type-of-json.js";

/** Values deeper than 256 levels are refused before; a level may take several steps through references and choices. */
const DEEPEST = 800;

/**
 * Checks a value against a JSON Schema.
 *
 * Shape: the assertions of draft 2020-12 with local references, and the array form of `items` and OpenAPI's
 * `nullable`; `format` is an annotation; `unevaluated*` and `$dynamicRef` are not looked at.
 * Throws: nothing; no issue quotes the value.
 * Source: JSON Schema draft 2020-12.
 *
 * @param schema - a part of `root`, the document that references start from
 */
export function validateJson(root: JsonSchema, value: unknown, schema: SubSchema = root): Issue[] {
  const context = new CheckContext(root, check);
  context.check(schema, value, "");
  return context.issues;
}

/** A fast yes or no for many values and parts of one document. */
export function acceptorOf(root: JsonSchema): (schema: SubSchema, value: unknown) => boolean {
  const context = new CheckContext(root, check);
  return (schema, value) => context.accepts(schema, value);
}

function check(schema: SubSchema, value: unknown, path: string, context: CheckContext): void {
  if (schema === true) return;
  if (schema === false) context.report(path, "is not allowed");
  else if (context.depth > DEEPEST) context.report(path, "is nested too deeply for its schema");
  else {
    context.depth++;
    checkKeywords(schema, value, path, context);
    context.depth--;
  }
}

function checkKeywords(schema: JsonSchema, value: unknown, path: string, context: CheckContext): void {
  if (schema.nullable === true && value === null) return;
  if (typeof schema.$ref === "string") {
    const target = resolveRef(context.root, schema.$ref);
    if (target === undefined) context.report(path, `has a schema that refers to ${schema.$ref}, which does not exist`);
    else context.check(target, value, path);
  }
  if (!checkType(schema.type, value, path, context)) return;
  if (Array.isArray(schema.enum) && !schema.enum.some((allowed) => sameJson(allowed, value))) {
    context.report(path, `must be one of ${shown(schema.enum)}`);
  }
  if ("const" in schema && !sameJson(schema.const, value))
    context.report(path, `must be exactly ${shown([schema.const])}`);
  if (typeof value === "string") checkString(schema, value, path, context);
  else if (typeof value === "number") checkNumber(schema, value, path, context);
  else if (Array.isArray(value)) checkArray(schema, value, path, context);
  else if (isSchemaObject(value)) checkObject(schema, value, path, context);
  checkChoices(schema, value, path, context);
}

/** False where the value is of the wrong type: everything else would only repeat that. */
function checkType(type: unknown, value: unknown, path: string, context: CheckContext): boolean {
  if (type === undefined) return true;
  const types: unknown[] = Array.isArray(type) ? type : [type];
  if (types.some((allowed) => isOfType(value, allowed))) return true;
  context.report(path, `must be of type ${types.join(" or ")}, not ${typeOfJson(value)}`);
  return false;
}

function shown(values: readonly unknown[]): string {
  const text = values.map((value) => JSON.stringify(value)).join(", ");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
