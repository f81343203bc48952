import { isDeepStrictEqual } from "node:util";
import { createError } from "../../errors/error-classes.js";
import type { LLMError } from "../../errors/llm-error.js";
import type { GenerateRequest } from "../../generate/generate-request.js";
import { fitsField, isOpenField, OPEN_FIELDS, type OpenField } from "./open-fields.js";

type ElementOf<T> = T extends readonly (infer E)[] ? E : never;

/** What a body may put into a field: anything, one of a list (each element of an array one of it), or what a judge allows. */
export type Allowed<T, Req = unknown> =
  | true
  | readonly (T | ElementOf<T>)[]
  | ((value: T, req: Req) => boolean | Promise<boolean>);

/** Fields that a body may set beyond `prompt`, `messages` and `stream`: their names, or an allow-list for each. */
export type Accept<Req = unknown> =
  | readonly OpenField[]
  | { readonly [Name in OpenField]?: Allowed<NonNullable<GenerateRequest[Name]>, Req> | undefined };

/** Judges the value of one field; `undefined` where it may stand. */
export type FieldJudge = (value: unknown, req: unknown) => Promise<string | undefined>;

const ALWAYS_OPEN = ["prompt", "messages", "stream"];

/**
 * Reads the `accept` option into a judge for each field that is open.
 *
 * @param where - what has the option
 * @throws ConfigurationError `invalid_config` for a field that cannot be opened or a rule that cannot be read
 */
export function readAccept(where: string, accept: unknown): ReadonlyMap<string, FieldJudge> {
  if (accept === undefined) return new Map();
  if (typeof accept !== "object" || accept === null) {
    throw setupMistake(
      `${where}: \`accept\` is no list of fields`,
      'Give names, ["temperature"], or { model: ["a/b"] }.',
    );
  }
  const entries = Array.isArray(accept)
    ? accept.map((name): [string, unknown] => [String(name), true])
    : Object.entries(accept);
  return new Map(
    entries.filter(([, rule]) => rule !== undefined).map(([name, rule]) => [name, judgeOf(where, name, rule)]),
  );
}

function judgeOf(where: string, name: string, rule: unknown): FieldJudge {
  if (ALWAYS_OPEN.includes(name)) {
    throw setupMistake(`${where}: \`${name}\` in \`accept\` is always open`, "Leave it out.");
  }
  if (!isOpenField(name)) {
    throw setupMistake(
      `${where}: \`${name}\` cannot be opened to the body`,
      `Set it in \`request\`, on the server's side. Can be opened: ${OPEN_FIELDS.join(", ")}.`,
    );
  }
  const allows = ruleOf(where, name, rule);
  return async (value, req) => {
    if (!fitsField(name, value)) return `\`${name}\` is not of the right kind`;
    return (await allows(value, req)) === true ? undefined : `this value of \`${name}\` is not allowed here`;
  };
}

function ruleOf(where: string, name: string, rule: unknown): (value: unknown, req: unknown) => unknown {
  if (rule === true) return () => true;
  if (typeof rule === "function") return (value, req) => rule(value, req);
  if (Array.isArray(rule)) {
    const listed = (value: unknown) => rule.some((one) => isDeepStrictEqual(one, value));
    return (value) => listed(value) || (Array.isArray(value) && value.length > 0 && value.every(listed));
  }
  throw setupMistake(
    `${where}: \`accept.${name}\` is no rule`,
    "Give true, a list of the values that are allowed, or a function that returns true for them.",
  );
}

function setupMistake(detail: string, hint: string): LLMError {
  return createError("invalid_config", detail, { hint });
}
