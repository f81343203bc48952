import type { JsonSchema } from "./schema.js";

const FORMATS = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);
const NUMBER = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

const KEPT: Readonly<Record<string, readonly string[]>> = {
  string: ["pattern", "format"],
  number: NUMBER,
  integer: NUMBER,
  array: ["minItems", "maxItems"],
  boolean: [],
  null: [],
  object: [],
};
/** Rules that the strict form has no keyword for; they are told in words. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  string: ["minLength", "maxLength", "pattern", "format"],
  array: ["uniqueItems"],
};

/** The keywords of a plain type that the strict form knows, with the others told in the description. */
export function strictKeywords(type: string, schema: JsonSchema): JsonSchema {
  const kept = (KEPT[type] ?? []).filter(
    (keyword) => schema[keyword] !== undefined && isKnown(keyword, schema[keyword]),
  );
  const told = (TOLD[type] ?? []).filter(
    (keyword) => schema[keyword] !== undefined && schema[keyword] !== false && !kept.includes(keyword),
  );
  const rules = told
    .map((keyword) => (schema[keyword] === true ? keyword : `${keyword} ${String(schema[keyword])}`))
    .join(", ");
  const description = [schema.description, rules === "" ? undefined : `(${rules})`]
    .filter((part) => typeof part === "string")
    .join(" ");
  return {
    type,
    ...(typeof schema.title === "string" ? { title: schema.title } : {}),
    ...(description === "" ? {} : { description }),
    ...(Array.isArray(schema.enum) ? { enum: schema.enum } : {}),
    ...Object.fromEntries(kept.map((keyword) => [keyword, schema[keyword]])),
  };
}

/** Service grammars have no look-around, back references or word boundaries. */
function isKnown(keyword: string, value: unknown): boolean {
  if (keyword === "format") return FORMATS.has(value as string);
  if (keyword === "pattern") return typeof value === "string" && !/\(\?(?!:)|\\[1-9bBk]/.test(value);
  return true;
}
