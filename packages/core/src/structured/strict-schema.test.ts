import { describe, expect, test } from "vitest";
import { z } from "zod";
import { normalizeSchema } from "./normalize-schema.js";
import type { JsonSchema, Schema } from "./schema.js";
import { toStrictSchema } from "./strict-schema.js";

const strict = (schema: Schema) => normalizeSchema(schema).strictSchema;
const object = (properties: JsonSchema, more: JsonSchema = {}) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  ...more,
});

describe("what the strict form can say", () => {
  test("every key is required, optional ones may be null, the order stays", () => {
    const schema = z.object({
      b: z.string().optional(),
      a: z.number().nullable().optional(),
      c: z.enum(["x", "y"]).describe("which").optional(),
    });
    expect(JSON.stringify(strict(schema))).toBe(
      JSON.stringify({
        type: "object",
        properties: {
          b: { anyOf: [{ type: "string" }, { type: "null" }] },
          a: { anyOf: [{ type: "number" }, { type: "null" }] },
          c: { description: "which", anyOf: [{ type: "string", enum: ["x", "y"] }, { type: "null" }] },
        },
        required: ["b", "a", "c"],
        additionalProperties: false,
      }),
    );
  });

  test("rules without a keyword are told in words", () => {
    expect(
      toStrictSchema(
        object({
          title: { type: "string", description: "Short", minLength: 3, maxLength: 9, default: "x" },
          mail: { type: "string", format: "email", pattern: "^\\w+$" },
          link: { type: "string", format: "uri", pattern: "^(?=x)" },
          tags: { type: "array", items: { type: "string" }, minItems: 1, uniqueItems: true },
          n: { type: "integer", minimum: 1, examples: [3] },
        }),
      )?.properties,
    ).toEqual({
      title: { type: "string", description: "Short (minLength 3, maxLength 9)" },
      mail: { type: "string", pattern: "^\\w+$", format: "email" },
      link: { type: "string", description: "(pattern ^(?=x), format uri)" },
      tags: { type: "array", description: "(uniqueItems)", minItems: 1, items: { type: "string" } },
      n: { type: "integer", minimum: 1 },
    });
  });

  test("constants, mixed enums and unions of tagged objects", () => {
    const schema = z.object({
      part: z.discriminatedUnion("k", [
        z.object({ k: z.literal("a") }),
        z.object({ k: z.literal("b"), n: z.number() }),
      ]),
    });
    expect(strict(schema)?.properties).toMatchObject({
      part: {
        anyOf: [
          { properties: { k: { type: "string", enum: ["a"] } }, additionalProperties: false },
          { required: ["k", "n"] },
        ],
      },
    });
    expect(toStrictSchema(object({ e: { enum: ["a", 1, null] } }))?.properties).toEqual({
      e: {
        anyOf: [
          { type: "string", enum: ["a"] },
          { type: "integer", enum: [1] },
          { type: "null", enum: [null] },
        ],
      },
    });
  });

  test("references stay, are inlined next to other keywords, and may recurse", () => {
    const schema = {
      ...object({
        plain: { $ref: "#/$defs/Item" },
        told: { $ref: "#/$defs/Item", description: "The first" },
        self: { type: "array", items: { $ref: "#" } },
      }),
      $defs: {
        Item: { type: "object", properties: { next: { $ref: "#/$defs/Item", description: "More" } } },
        Unused: { type: "string" },
      },
    };
    const item = {
      type: "object",
      properties: { next: { anyOf: [{ $ref: "#/$defs/Item" }, { type: "null" }] } },
      required: ["next"],
      additionalProperties: false,
    };
    expect(toStrictSchema(schema)).toEqual({
      type: "object",
      properties: {
        plain: { $ref: "#/$defs/Item" },
        told: { ...item, description: "The first" },
        self: { type: "array", items: { $ref: "#" } },
      },
      required: ["plain", "told", "self"],
      additionalProperties: false,
      $defs: { Item: item },
    });
  });

  test("a reference into the schema gets a definition, and a single allOf is merged", () => {
    const schema = object({
      a: { type: "object", properties: { x: { $ref: "#/properties/a" } } },
      b: { allOf: [{ type: "string" }], description: "B" },
    });
    expect(toStrictSchema(schema)).toMatchObject({
      properties: {
        a: { properties: { x: { anyOf: [{ $ref: "#/$defs/part" }, { type: "null" }] } } },
        b: { type: "string", description: "B" },
      },
      $defs: { part: { type: "object", required: ["x"] } },
    });
  });
});

describe("what it cannot say", () => {
  const chain = (levels: number): JsonSchema => (levels === 0 ? { type: "string" } : object({ a: chain(levels - 1) }));
  test.each<[string, JsonSchema]>([
    ["open objects", object({ a: { type: "object", additionalProperties: { type: "string" } } })],
    ["objects without a shape", object({ a: { type: "object" } })],
    ["values of any kind", object({ a: {} })],
    ["arrays of anything", object({ a: { type: "array" } })],
    ["tuples", object({ a: { type: "array", prefixItems: [{ type: "string" }], items: { type: "string" } } })],
    ["keys by pattern", object({ a: object({}, { patternProperties: { x: { type: "string" } } }) })],
    ["several parts at once", object({ a: { allOf: [{ type: "string" }, { minLength: 1 }] } })],
    ["a choice beside a shape", object({ a: object({ b: { type: "string" } }, { anyOf: [{ required: ["b"] }] }) })],
    ["constants that are objects", object({ a: { const: { b: 1 } } })],
    ["required keys without a rule", { ...object({ a: { type: "string" } }), required: ["a", "b"] }],
    ["more than ten levels", chain(11)],
    ["more than a thousand enum values", object({ a: { enum: Array.from({ length: 1_001 }, (_, i) => `v${i}`) } })],
    [
      "more than five thousand keys",
      object(Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [`k${i}`, { type: "null" }]))),
    ],
    ["a root that is no object", { type: "array", items: { type: "string" } }],
  ])("%s", (_name, schema) => {
    expect(toStrictSchema(schema)).toBeUndefined();
  });

  test("F91 references that double at each step end in a refusal", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => {
        const next = i === 59 ? { type: "string" } : { $ref: `#/$defs/d${i + 1}`, description: "next" };
        return [`d${i}`, { anyOf: [next, next] }];
      }),
    );
    expect(toStrictSchema({ ...object({ a: { $ref: "#/$defs/d0", description: "first" } }), $defs })).toBeUndefined();
  });
  test("ten levels are fine", () => {
    expect(toStrictSchema(chain(10))).toBeDefined();
  });
});
