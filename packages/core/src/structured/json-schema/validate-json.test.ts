import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { JsonSchema } from "../schema.js";
import { validateJson } from "./validate-json.js";

const lines = (schema: JsonSchema, value: unknown) =>
  validateJson(schema, value).map(({ path, message }) => `${path}: ${message}`);
const accepts = (schema: JsonSchema, value: unknown) => validateJson(schema, value).length === 0;

describe("keywords", () => {
  const cases: [string, JsonSchema, unknown[], unknown[]][] = [
    ["type", { type: "integer" }, [0, -3, 1e20], [1.5, "1", null, true, [], {}]],
    ["several types", { type: ["string", "null"] }, ["a", null], [1, false]],
    ["enum and const", { enum: ["a", 1, { x: [1] }] }, ["a", 1, { x: [1] }], ["b", { x: [2] }, true]],
    ["const", { const: { a: 1, b: 2 } }, [{ b: 2, a: 1 }], [{ a: 1 }, null]],
    ["length in characters", { minLength: 2, maxLength: 3 }, ["ab", "abc", "🙂🙂", "🙂🙂🙂"], ["a", "🙂", "abcd"]],
    ["pattern anywhere", { pattern: "^a.c$" }, ["abc", 5], ["abcd"]],
    ["needless escapes in a pattern", { pattern: "^\\-\\d$" }, ["-1"], ["1"]],
    ["bounds", { minimum: 1, maximum: 3 }, [1, 3, "x"], [0.9, 3.1]],
    ["exclusive bounds", { exclusiveMinimum: 1, exclusiveMaximum: 3 }, [1.1], [1, 3]],
    ["multiples", { multipleOf: 0.1 }, [0.3, 1.1, 0], [0.25]],
    ["items", { items: { type: "number" }, minItems: 1, maxItems: 2 }, [[1], [1, 2]], [[], [1, 2, 3], ["a"]]],
    ["tuples", { prefixItems: [{ type: "string" }], items: false }, [["a"], []], [["a", 1], [1]]],
    [
      "tuples of older drafts",
      { items: [{ type: "string" }], additionalItems: { type: "number" } },
      [["a", 1]],
      [["a", "b"]],
    ],
    [
      "unique items",
      { uniqueItems: true },
      [[1, "1", [1]]],
      [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      ],
    ],
    ["contains", { contains: { type: "number" }, maxContains: 1 }, [[1, "a"]], [["a"], [1, 2]]],
    ["required", { required: ["a"] }, [{ a: undefined }, { a: 1 }], [{}, { b: 1 }]],
    ["closed", { properties: { a: {} }, additionalProperties: false }, [{}, { a: 1 }], [{ b: 1 }]],
    ["open of one kind", { additionalProperties: { type: "number" } }, [{ x: 1 }], [{ x: "a" }]],
    [
      "patterns of keys",
      { patternProperties: { "^n_": { type: "number" } }, additionalProperties: false },
      [{ n_a: 1 }],
      [{ n_a: "x" }, { m: 1 }],
    ],
    ["names of keys", { propertyNames: { maxLength: 2 } }, [{ ab: 1 }], [{ abc: 1 }]],
    ["number of keys", { minProperties: 1, maxProperties: 2 }, [{ a: 1 }], [{}, { a: 1, b: 2, c: 3 }]],
    ["dependent keys", { dependentRequired: { a: ["b"] } }, [{}, { a: 1, b: 2 }], [{ a: 1 }]],
    ["dependent schemas", { dependentSchemas: { a: { required: ["c"] } } }, [{ b: 1 }, { a: 1, c: 1 }], [{ a: 1 }]],
    ["all", { allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1, 2], [0, 3]],
    ["any", { anyOf: [{ type: "string" }, { minimum: 5 }] }, ["a", 5], [4]],
    ["one", { oneOf: [{ multipleOf: 2 }, { multipleOf: 3 }] }, [2, 3], [1, 6]],
    ["not", { not: { type: "string" } }, [1], ["a"]],
    [
      "if",
      // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
      { if: { properties: { k: { const: 1 } } }, then: { required: ["a"] }, else: { required: ["b"] } },
      [
        { k: 1, a: 0 },
        { k: 2, b: 0 },
      ],
      [{ k: 1 }, { k: 2 }],
    ],
    ["nullable of OpenAPI", { type: "string", nullable: true }, ["a", null], [1]],
    ["references", { $defs: { "a/b": { type: "number" } }, items: { $ref: "#/$defs/a~1b" } }, [[1]], [["x"]]],
    ["format is an annotation", { format: "email" }, ["no address"], []],
    ["nothing fits false", { properties: { a: false } }, [{}], [{ a: 1 }]],
  ];
  test.each(cases)("%s", (_name, schema, good, bad) => {
    expect(good.map((value) => lines(schema, value))).toEqual(good.map(() => []));
    expect(bad.filter((value) => accepts(schema, value))).toEqual([]);
  });

  test("issues say where and what, and quote nothing of the answer", () => {
    const schema = {
      type: "object",
      required: ["title", "slides"],
      additionalProperties: false,
      properties: {
        title: { type: "string" },
        slides: {
          type: "array",
          items: { type: "object", required: ["body"], properties: { body: { type: "string", maxLength: 3 } } },
        },
      },
    };
    expect(lines(schema, { title: 5, slides: [{ body: "secret words" }, {}], "odd key": 1 })).toEqual([
      "title: must be of type string, not number",
      "slides[0].body: must have at most 3 characters",
      "slides[1].body: is missing",
      '["odd key"]: is a key that is not allowed',
    ]);
  });

  test("of a union, the alternative that was meant is explained", () => {
    const shape = (kind: string, extra: JsonSchema) => ({
      type: "object",
      properties: { kind: { const: kind }, ...extra },
      required: ["kind", ...Object.keys(extra)],
    });
    const schema = {
      anyOf: [
        shape("text", { words: { type: "string" } }),
        shape("image", { url: { type: "string" }, alt: { type: "string" } }),
      ],
    };
    expect(lines(schema, { kind: "image", url: 7 })).toEqual([
      ": matches none of 2 choices",
      "alt: is missing",
      "url: must be of type string, not number",
    ]);
  });
});

describe("safety", () => {
  const tree = {
    $ref: "#/$defs/node",
    $defs: {
      node: {
        type: "object",
        required: ["v"],
        properties: { v: { type: "number" }, kids: { type: "array", items: { $ref: "#/$defs/node" } } },
      },
    },
  };

  test("recursion follows the value", () => {
    expect(lines(tree, { v: 1, kids: [{ v: 2, kids: [{ v: "x" }] }] })).toEqual([
      "kids[0].kids[0].v: must be of type number, not string",
    ]);
  });

  test("a reference that leads to itself ends", () => {
    expect(lines({ $ref: "#" }, 1)).toEqual([": is nested too deeply for its schema"]);
    expect(lines({ anyOf: [{ $ref: "#" }, { $ref: "#" }] }, {})[0]).toBe(": matches none of 2 choices");
  });

  test("a recursive union judges each part once", () => {
    let judged = 0;
    const leaf = {
      get type() {
        judged++;
        return "string";
      },
    };
    const schema = {
      anyOf: [
        leaf,
        { type: "object", properties: { a: { $ref: "#" } } },
        { type: "object", properties: { a: { $ref: "#" } }, required: ["b"] },
      ],
    };
    let value: unknown = 5;
    for (let level = 0; level < 60; level++) value = { a: value };
    expect(accepts(schema, value)).toBe(false);
    expect(judged).toBeLessThan(5_000);
  });

  test("F89 names of the prototype are plain keys", () => {
    const value: unknown = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}');
    expect(
      lines({ type: "object", required: ["toString"], properties: {}, additionalProperties: false }, value),
    ).toEqual([
      "toString: is missing",
      "__proto__: is a key that is not allowed",
      "constructor: is a key that is not allowed",
    ]);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});

/** Zod schemas, as deep as `depth`, and JSON values that fit some of them. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("a", "bb", "", 0, 1, -2, 1.5, true, null),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("any"), { maxKeys: 3 }),
  ),
})).any;
const zodSchema: fc.Arbitrary<z.ZodType> = fc.letrec<{ any: z.ZodType }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<z.ZodType>(
      z.string(),
      z.string().min(1).max(1),
      z.number(),
      z.int(),
      z.number().min(0).max(1),
      z.boolean(),
      z.null(),
      z.literal("a"),
      z.enum(["a", "bb"]),
      z.unknown(),
    ),
    tie("any").map((item) => z.array(item).max(2)),
    fc.tuple(tie("any"), tie("any")).map(([a, b]) => z.union([a, b])),
    fc.tuple(tie("any"), tie("any")).map(([a, b]) => z.tuple([a, b])),
    tie("any").map((item) => z.record(z.string(), item)),
    fc.tuple(tie("any"), tie("any")).map(([a, b]) => z.object({ a, b: b.optional() })),
    tie("any").map((a) => z.strictObject({ a })),
    tie("any").map((item) => item.nullable()),
  ),
})).any;

test("agrees with zod about the JSON Schema that zod writes", () => {
  fc.assert(
    fc.property(zodSchema, fc.array(value, { minLength: 5, maxLength: 5 }), (schema, values) => {
      const json = schema["~standard"].jsonSchema.input({ target: "draft-2020-12" });
      for (const candidate of values) {
        expect(accepts(json, candidate), JSON.stringify([json, candidate])).toBe(schema.safeParse(candidate).success);
      }
    }),
    { numRuns: 400 },
  );
});
