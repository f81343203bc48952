import type { Issue } from "../issue.js";
import type { JsonSchema } from "../schema.js";
import type { CheckContext } from "./check-context.js";
import { isSchemaObject, type SubSchema } from "./subschemas.js";

/** Checks `allOf`, `anyOf`, `oneOf`, `not` and `if`. */
export function checkChoices(schema: JsonSchema, value: unknown, path: string, context: CheckContext): void {
  for (const part of listOf(schema.allOf)) context.check(part, value, path);
  checkAny(listOf(schema.anyOf), value, path, context);
  checkOne(listOf(schema.oneOf), value, path, context);
  if (isSubSchema(schema.not) && context.accepts(schema.not, value))
    context.report(path, "is of a kind that is not allowed");
  if (isSubSchema(schema.if)) {
    const next = context.accepts(schema.if, value) ? schema.then : schema.else;
    if (isSubSchema(next)) context.check(next, value, path);
  }
}

function checkAny(choices: readonly SubSchema[], value: unknown, path: string, context: CheckContext): void {
  if (choices.length === 0 || choices.some((choice) => context.accepts(choice, value))) return;
  reportNearest(choices, value, path, context);
}

function checkOne(choices: readonly SubSchema[], value: unknown, path: string, context: CheckContext): void {
  if (choices.length === 0) return;
  const matching = choices.filter((choice) => context.accepts(choice, value)).length;
  if (matching === 0) reportNearest(choices, value, path, context);
  else if (matching > 1) context.report(path, `must match exactly one of ${choices.length} choices, not ${matching}`);
}

/** The choice that was meant is the one with the least wrong; a tag that differs shows that it was not this one. */
function reportNearest(choices: readonly SubSchema[], value: unknown, path: string, context: CheckContext): void {
  context.report(path, `matches none of ${choices.length} choices`);
  if (context.brief) return;
  const weighed = choices.map((choice) => ({ choice, weight: weigh(context.issuesOf(choice, value, path), path) }));
  const [best, second] = weighed.sort((a, b) => a.weight - b.weight);
  if (best !== undefined && best.weight !== second?.weight) context.check(best.choice, value, path);
}

/** What a wrong `enum` or `const` is told as. */
const TAG = /^must be (?:one of|exactly) /;

function weigh(issues: readonly Issue[], path: string): number {
  return issues.reduce((sum, issue) => sum + (issue.path === path ? 100 : TAG.test(issue.message) ? 10 : 1), 0);
}

function listOf(value: unknown): SubSchema[] {
  return Array.isArray(value) ? value.filter(isSubSchema) : [];
}

function isSubSchema(value: unknown): value is SubSchema {
  return typeof value === "boolean" || isSchemaObject(value);
}
