import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonSchema } from "../schema.js";
import { toStrictSchema } from "../strict-schema.js";
import { stripNulls } from "./strip-nulls.js";
import { validateJson } from "./validate-json.js";

const object = (properties: JsonSchema, required: string[] = []) => ({ type: "object", properties, required });
const text = { type: "string" };

test("a null for an optional key is taken away, one that means something stays", () => {
  const schema = object({ needed: text, optional: text, maybe: { type: ["string", "null"] } }, ["needed"]);
  expect(stripNulls(schema, { needed: null, optional: null, maybe: null, other: null })).toEqual({
    needed: null,
    maybe: null,
    other: null,
  });
});

test("inside arrays, tuples, references, unions and records as well", () => {
  const item = object({ a: text });
  const schema = {
    ...object({
      list: { type: "array", items: item },
      pair: { type: "array", prefixItems: [item], items: item },
      ref: { $ref: "#/$defs/item" },
      union: { anyOf: [text, object({ kind: { const: 1 }, b: text }, ["kind"])] },
      all: { allOf: [item, object({ z: text })] },
      record: { type: "object", additionalProperties: item },
    }),
    $defs: { item },
  };
  const value = {
    list: [{ a: null }, { a: "x" }],
    pair: [{ a: null }, { a: null }],
    ref: { a: null },
    union: { kind: 1, b: null },
    all: { a: null, z: null },
    record: { k: { a: null } },
  };
  expect(stripNulls(schema, value)).toEqual({
    list: [{}, { a: "x" }],
    pair: [{}, {}],
    ref: {},
    union: { kind: 1 },
    all: {},
    record: { k: {} },
  });
  expect(value.list[0]).toEqual({ a: null });
});

test("where there is nothing to take away, the value itself comes back", () => {
  const value = { list: [{ a: "x" }] };
  expect(stripNulls(object({ list: { type: "array", items: object({ a: text }) } }), value)).toBe(value);
});

test("a recursive union ends, however deep the answer", () => {
  const schema = {
    anyOf: [
      object({ a: { $ref: "#" }, n: text }, ["a"]),
      object({ a: { $ref: "#" }, m: text }),
      { type: "array", items: { $ref: "#" } },
    ],
  };
  let value: unknown = { m: null };
  for (let level = 0; level < 80; level++) value = level % 2 ? [value] : { a: value };
  expect(JSON.stringify(stripNulls(schema, value))).not.toContain("null");
});

/** Object schemas, and values that fit them. */
interface Sample {
  schema: JsonSchema;
  value: unknown;
}
const sample: fc.Arbitrary<Sample> = fc.letrec<{ any: Sample }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.string().map((value) => ({ schema: text, value })),
    fc.integer().map((value) => ({ schema: { type: "integer" }, value })),
    fc.constant({ schema: { type: ["string", "null"] }, value: null }),
    fc.constant({ schema: { enum: ["a", "b"] }, value: "b" }),
    tie("any").map(({ schema, value }) => ({ schema: { type: "array", items: schema }, value: [value, value] })),
    fc.array(fc.tuple(tie("any"), fc.boolean(), fc.boolean()), { maxLength: 4 }).map((parts) => {
      const named = parts.map(([part, required, present], position) => ({
        name: `p${position}`,
        part,
        required,
        present: required || present,
      }));
      return {
        schema: object(
          Object.fromEntries(named.map(({ name, part }) => [name, part.schema])),
          named.filter((one) => one.required).map(({ name }) => name),
        ),
        value: Object.fromEntries(named.filter((one) => one.present).map(({ name, part }) => [name, part.value])),
      };
    }),
  ),
})).any;

/** What a model writes in the strict form: every key, null for what is absent. */
function fill(strict: JsonSchema, value: unknown): unknown {
  if (value === undefined) return null;
  const choices = strict.anyOf as JsonSchema[] | undefined;
  const shape = choices?.find((choice) => choice.properties !== undefined || choice.items !== undefined) ?? strict;
  if (Array.isArray(value)) return value.map((item) => fill(shape.items as JsonSchema, item));
  if (typeof value !== "object" || value === null) return value;
  const properties = shape.properties as Record<string, JsonSchema>;
  return Object.fromEntries(
    Object.entries(properties).map(([key, rule]) => [key, fill(rule, (value as Record<string, unknown>)[key])]),
  );
}

test("what the strict form asks for is, after its nulls are gone, what the schema asks for", () => {
  fc.assert(
    fc.property(sample, ({ schema, value }) => {
      const root = object({ root: schema }, ["root"]);
      const strict = toStrictSchema(root);
      if (strict === undefined) return;
      const written = fill(strict, { root: value });
      expect(validateJson(strict, written)).toEqual([]);
      expect(validateJson(root, stripNulls(root, written))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
