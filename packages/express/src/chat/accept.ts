import { isDeepStrictEqual } from "node:util";
import type { GenerateRequest } from "@signalbox/core";
import type { Request } from "express";
import { setupMistake } from "../option-checks.js";
import { fitsField, isOpenField, OPEN_FIELDS, type OpenField } from "./open-fields.js";

type ElementOf<T> = T extends readonly (infer E)[] ? E : never;

/** What a body may put into a field: anything, one of a list (each element of an array one of it), or what a judge allows. */
export type Allowed<T> =
  | true
  | readonly (T | ElementOf<T>)[]
  | ((value: T, req: Request) => boolean | Promise<boolean>);

/** Fields that a body may set beyond `prompt`, `messages` and `stream`: their names, or an allow-list for each. */
export type Accept =
  | readonly OpenField[]
  | { readonly [Name in OpenField]?: Allowed<NonNullable<GenerateRequest[Name]>> | undefined };

/** Judges the value of one field; `undefined` where it may stand. */
export type FieldJudge = (value: unknown, req: Request) => Promise<string | undefined>;

const ALWAYS_OPEN = ["prompt", "messages", "stream"];

/**
 * Reads the `accept` option into a judge for each field that is open.
 *
 * @throws ConfigurationError `invalid_config` for a field that cannot be opened or a rule that cannot be read
 */
export function readAccept(accept: unknown): ReadonlyMap<string, FieldJudge> {
  if (accept === undefined) return new Map();
  if (typeof accept !== "object" || accept === null) {
    throw setupMistake(
      "chatHandler: `accept` is no list of fields",
      'Give names, ["temperature"], or { model: ["a/b"] }.',
    );
  }
  const entries = Array.isArray(accept)
    ? accept.map((name): [string, unknown] => [String(name), true])
    : Object.entries(accept);
  return new Map(entries.filter(([, rule]) => rule !== undefined).map(([name, rule]) => [name, judgeOf(name, rule)]));
}

function judgeOf(name: string, rule: unknown): FieldJudge {
  if (ALWAYS_OPEN.includes(name)) {
    throw setupMistake(`chatHandler: \`${name}\` in \`accept\` is always open`, "Leave it out.");
  }
  if (!isOpenField(name)) {
    throw setupMistake(
      `chatHandler: \`${name}\` cannot be opened to the body`,
      `Set it in \`request\`, on the server's side. Can be opened: ${OPEN_FIELDS.join(", ")}.`,
    );
  }
  const allows = ruleOf(name, rule);
  return async (value, req) => {
    if (!fitsField(name, value)) return `\`${name}\` is not of the right kind`;
    return (await allows(value, req)) === true ? undefined : `this value of \`${name}\` is not allowed here`;
  };
}

function ruleOf(name: string, rule: unknown): (value: unknown, req: Request) => unknown {
  if (rule === true) return () => true;
  if (typeof rule === "function") return (value, req) => rule(value, req);
  if (Array.isArray(rule)) {
    const listed = (value: unknown) => rule.some((one) => isDeepStrictEqual(one, value));
    return (value) => listed(value) || (Array.isArray(value) && value.length > 0 && value.every(listed));
  }
  throw setupMistake(
    `chatHandler: \`accept.${name}\` is no rule`,
    "Give true, a list of the values that are allowed, or a function that returns true for them.",
  );
}
