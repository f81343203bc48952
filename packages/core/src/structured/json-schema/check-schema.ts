import { createError } from "../../errors/error-classes.js";
import type { JsonSchema } from "../schema.js";
import { resolveRef } from "./resolve-ref.js";
import { eachSubschema, misplacedKeyword } from "./subschemas.js";

const MOST_VALUES = 250_000;
const DEEPEST = 256;
const TYPES = new Set<unknown>(["null", "boolean", "number", "integer", "string", "array", "object"]);

/**
 * Refuses a schema that cannot be sent or would not end: cyclic, nested too deeply, too large, with a reference
 * that leads nowhere or a pattern that is no regular expression.
 *
 * @throws InvalidRequestError `invalid_request`, naming the reference or pattern
 */
export function checkSchema(root: JsonSchema): void {
  checkSize(root);
  const seen = new Set<object>();
  const open = [root];
  for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
    if (seen.has(schema)) continue;
    seen.add(schema);
    const { $ref, pattern, patternProperties, type } = schema;
    const misplaced = misplacedKeyword(schema);
    if (misplaced !== undefined)
      throw wrong(`the schema has a \`${misplaced}\` that holds something else than a schema`);
    if (type !== undefined && !(Array.isArray(type) ? type : [type]).every((name) => TYPES.has(name))) {
      throw wrong(`the schema has the unknown type ${JSON.stringify(type)}; types are ${[...TYPES].join(", ")}`);
    }
    if (typeof $ref === "string" && resolveRef(root, $ref) === undefined) {
      throw wrong(`the schema refers to ${JSON.stringify($ref)}, which is not in it; only local references work`);
    }
    if (typeof pattern === "string") checkPattern(pattern);
    if (typeof patternProperties === "object" && patternProperties !== null)
      Object.keys(patternProperties).forEach(checkPattern);
    eachSubschema(schema, (below) => open.push(below));
  }
}

/** Counts what would be written out, so that a part used in many places counts each time, and a cycle never ends. */
function checkSize(root: JsonSchema): void {
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    if (next.depth > DEEPEST) throw wrong(`the schema is cyclic or nested deeper than ${DEEPEST} levels`);
    const values: unknown[] = Array.isArray(next.value) ? next.value : Object.values(next.value);
    count += values.length;
    if (count > MOST_VALUES) throw wrong(`the schema is cyclic or has more than ${MOST_VALUES} values`);
    for (const value of values) open.push({ value, depth: next.depth + 1 });
  }
}

function checkPattern(pattern: string): void {
  if (compilePattern(pattern) === undefined)
    throw wrong(`the schema's pattern ${JSON.stringify(pattern)} is not a regular expression`);
}

/** A schema's pattern as JavaScript reads it; undefined where it cannot. */
export function compilePattern(pattern: string): RegExp | undefined {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Patterns with needless escapes are only valid without the flag.
    }
  }
  return undefined;
}

function wrong(message: string) {
  return createError("invalid_request", message);
}
