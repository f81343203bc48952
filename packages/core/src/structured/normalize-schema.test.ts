import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { LLMError } from "../errors/llm-error.js";
import { normalizeSchema } from "./normalize-schema.js";
import { jsonSchema, type Schema } from "./schema.js";

function refusal(schema: unknown): LLMError {
  try {
    normalizeSchema(schema as Schema);
  } catch (error) {
    if (LLMError.is(error)) return error;
    throw error;
  }
  throw new Error("the schema was not refused");
}

const Answer = z.object({ explanation: z.string(), examples: z.array(z.string()) });
const bare = {
  type: "object",
  properties: { explanation: { type: "string" }, examples: { type: "array", items: { type: "string" } } },
  required: ["explanation", "examples"],
};

describe("S32 the three spellings", () => {
  test("S32 a zod schema, a bare JSON Schema and the wrapper are one and the same", () => {
    const spellings: Schema[] = [
      Answer,
      bare,
      jsonSchema(bare),
      { type: "json_schema", json_schema: { name: "answer", schema: bare } },
    ];
    const [first, ...others] = spellings.map((schema) => normalizeSchema(schema));
    expect(first).toMatchObject({ name: "answer", jsonSchema: bare, wrapped: false, strict: undefined });
    for (const other of others) {
      expect(JSON.stringify(other.jsonSchema)).toBe(JSON.stringify(first?.jsonSchema));
      expect(JSON.stringify(other.strictSchema)).toBe(JSON.stringify(first?.strictSchema));
      expect(other.cacheKey).toBe(first?.cacheKey);
    }
  });

  test("name, description and strict come from the wrapper, a given name wins", () => {
    const wrapper: Schema = {
      type: "json_schema",
      json_schema: { name: "my deck!", description: "A deck", strict: false, schema: bare },
    };
    expect(normalizeSchema(wrapper)).toMatchObject({ name: "my_deck_", description: "A deck", strict: false });
    expect(normalizeSchema(wrapper, { name: "deck", description: "Other" })).toMatchObject({
      name: "deck",
      description: "Other",
    });
    expect(normalizeSchema({ type: "json_schema", json_schema: { name: "", schema: bare } }).name).toBe("answer");
  });

  test("a zod schema inside the wrapper works, and nothing given is changed", () => {
    const wrapper = { type: "json_schema", json_schema: { name: "x", schema: Answer } } as unknown as Schema;
    expect(normalizeSchema(wrapper).jsonSchema).toEqual(bare);
    const frozen = Object.freeze({ $schema: "https://json-schema.org/draft/2020-12/schema", ...bare });
    expect(normalizeSchema(frozen).jsonSchema).toEqual(bare);
  });
});

describe("validators", () => {
  test("zod: checks by the schema itself, and gives what it makes of the answer", async () => {
    const schema = normalizeSchema(
      z.object({
        n: z.coerce.number(),
        when: z.string().transform((text) => text.length),
        tag: z.string().default("none"),
      }),
    );
    expect(schema.jsonSchema).toMatchObject({ required: ["n", "when"] });
    expect(await schema.validate({ n: "5", when: "today" })).toEqual({
      ok: true,
      value: { n: 5, when: 5, tag: "none" },
    });
    expect(await schema.validate({ n: 1, when: 3 })).toEqual({
      ok: false,
      issues: [{ path: "when", message: expect.stringContaining("expected string") }],
    });
  });

  test("zod: asynchronous checks are awaited, and a check that throws is an issue", async () => {
    const slow = normalizeSchema(z.object({ id: z.string().refine(async (id) => id === "known", "is not known") }));
    expect(await slow.validate({ id: "known" })).toMatchObject({ ok: true });
    expect(await slow.validate({ id: "other" })).toEqual({
      ok: false,
      issues: [{ path: "id", message: "is not known" }],
    });
    const broken = normalizeSchema(
      z.object({
        id: z.string().refine(() => {
          throw new Error("no database");
        }),
      }),
    );
    expect(await broken.validate({ id: "x" })).toEqual({
      ok: false,
      issues: [{ path: "", message: "could not be checked: no database" }],
    });
  });

  test("arktype: converts and checks", async () => {
    const schema = normalizeSchema(type({ title: "string", "pages?": "number" }));
    expect(schema.jsonSchema).toEqual({
      type: "object",
      properties: { title: { type: "string" }, pages: { type: "number" } },
      required: ["title"],
    });
    expect(await schema.validate({ title: "x" })).toEqual({ ok: true, value: { title: "x" } });
    expect(await schema.validate({ title: 1 })).toMatchObject({ ok: false, issues: [{ path: "title" }] });
  });

  test("valibot cannot write itself: refused with the way round", () => {
    expect(refusal(v.object({ a: v.string() }))).toMatchObject({
      code: "invalid_request",
      detail: "this valibot schema cannot write itself as JSON Schema",
      hint: expect.stringMatching(/toStandardJsonSchema\(\) of @valibot\/to-json-schema/),
    });
  });

  test("an old zod, a type that JSON lacks, and no schema at all are refused", () => {
    const old = { "~standard": { version: 1, vendor: "zod", validate: () => ({ value: 1 }) } };
    expect(refusal(old).hint).toMatch(/zod 4\.2/);
    expect(refusal(z.object({ when: z.date() }))).toMatchObject({
      code: "invalid_request",
      detail: expect.stringMatching(/Date/),
      hint: expect.stringMatching(/text/),
    });
    for (const none of [
      undefined,
      null,
      "string",
      [],
      { type: "json_schema" },
      { type: "json_schema", json_schema: { name: "x" } },
    ]) {
      expect(refusal(none).code).toBe("invalid_request");
    }
  });

  test("a validator is converted once, a plain schema may change", () => {
    let conversions = 0;
    const schema: Schema = {
      "~standard": {
        version: 1,
        vendor: "own",
        validate: (value) => ({ value }),
        jsonSchema: { input: () => ({ type: "object", properties: { n: { const: ++conversions } } }) },
      },
    };
    expect(
      [normalizeSchema(schema), normalizeSchema(schema, { name: "b" })].map(({ jsonSchema }) => jsonSchema),
    ).toEqual([
      { type: "object", properties: { n: { const: 1 } } },
      { type: "object", properties: { n: { const: 1 } } },
    ]);
    const plain = { type: "object", properties: { list: { type: "array", minItems: 1 } } };
    normalizeSchema(plain);
    plain.properties.list.minItems = 2;
    expect(normalizeSchema(plain).jsonSchema).toMatchObject({ properties: { list: { minItems: 2 } } });
  });

  test("integer bounds that say nothing are left out", () => {
    expect(normalizeSchema(z.object({ n: z.int(), m: z.int().min(0) })).jsonSchema).toMatchObject({
      properties: { n: { type: "integer" }, m: { type: "integer", minimum: 0 } },
    });
    expect(JSON.stringify(normalizeSchema(z.object({ n: z.int() })).jsonSchema)).not.toContain("9007199254740991");
  });
});

describe("roots", () => {
  test("what is no object is wrapped as { value } and unwrapped", async () => {
    const schema = normalizeSchema(z.array(z.number()));
    expect(schema).toMatchObject({
      wrapped: true,
      jsonSchema: {
        type: "object",
        properties: { value: { type: "array", items: { type: "number" } } },
        required: ["value"],
        additionalProperties: false,
      },
    });
    expect(await schema.validate({ value: [1] })).toEqual({ ok: true, value: [1] });
    expect(await schema.validate([1])).toEqual({ ok: true, value: [1] });
    expect(await schema.validate({ value: ["x"] })).toMatchObject({ ok: false, issues: [{ path: "[0]" }] });
  });

  test("a union is wrapped; a model may leave the wrapper off, even where an alternative has a value of its own", async () => {
    const schema = normalizeSchema(
      z.union([z.object({ kind: z.literal("a"), value: z.string() }), z.object({ kind: z.literal("b") })]),
    );
    expect(schema.wrapped).toBe(true);
    expect(await schema.validate({ value: { kind: "b" } })).toEqual({ ok: true, value: { kind: "b" } });
    expect(await schema.validate({ kind: "a", value: "x" })).toEqual({ ok: true, value: { kind: "a", value: "x" } });
  });

  test("references are followed to the root and move with what is wrapped", async () => {
    const Node = z
      .object({
        name: z.string(),
        get kids() {
          return z.array(Node);
        },
      })
      .meta({ id: "Node" });
    const root = normalizeSchema(Node);
    expect(root).toMatchObject({
      wrapped: false,
      jsonSchema: { type: "object", required: ["name", "kids"], $defs: { Node: {} } },
    });
    expect(await root.validate({ name: "a", kids: [{ name: "b", kids: [] }] })).toMatchObject({ ok: true });
    const tree = { type: "array", items: { anyOf: [{ type: "string" }, { $ref: "#" }] } };
    const wrapped = normalizeSchema(tree);
    expect(wrapped.jsonSchema).toMatchObject({
      properties: { value: { items: { anyOf: [{}, { $ref: "#/properties/value" }] } } },
    });
    expect(await wrapped.validate({ value: ["a", ["b", [3]]] })).toMatchObject({ ok: false });
    expect(await wrapped.validate({ value: ["a", ["b", ["c"]]] })).toMatchObject({ ok: true });
  });

  test("properties alone mean an object", () => {
    expect(normalizeSchema({ properties: { a: { type: "string" } } })).toMatchObject({
      wrapped: false,
      jsonSchema: { type: "object" },
    });
  });
});

describe("answers", () => {
  test("nulls that stand for absent are dropped, for validators and for plain schemas", async () => {
    const shape = { type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, required: ["a"] };
    for (const schema of [
      normalizeSchema(z.object({ a: z.string(), b: z.string().optional() })),
      normalizeSchema(shape),
    ]) {
      expect(await schema.validate({ a: "x", b: null })).toEqual({ ok: true, value: { a: "x" } });
      expect(await schema.validate({ a: null, b: null })).toMatchObject({
        ok: false,
        issues: [{ path: "a" }, { path: "b" }],
      });
    }
  });

  test("F90 an answer deeper than 256 levels is refused without recursion", async () => {
    const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    for (const schema of [normalizeSchema(z.object({ x: z.any() })), normalizeSchema({ type: "object" })]) {
      expect(await schema.validate({ x: deep })).toEqual({
        ok: false,
        issues: [{ path: "", message: "is nested deeper than 256 levels" }],
      });
    }
  });
});

describe("F91 schema bombs", () => {
  test("F91 cycles and recursion by name", () => {
    const cyclic: Record<string, unknown> = { type: "object" };
    cyclic.properties = { self: cyclic };
    expect(refusal(cyclic).detail).toMatch(/cyclic/);
    const lazy: z.ZodType = z.lazy(() => z.object({ next: lazy.optional() }));
    expect(normalizeSchema(lazy).jsonSchema).toMatchObject({ type: "object", properties: { next: { $ref: "#" } } });
  });

  test("F91 ten thousand properties are fine, hundreds of thousands or a doubling tower are not", () => {
    const of = (count: number) => ({
      type: "object",
      properties: Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, { type: "string" }])),
    });
    expect(Object.keys(normalizeSchema(of(10_000)).jsonSchema.properties as object)).toHaveLength(10_000);
    expect(refusal(of(300_000)).detail).toMatch(/more than 250000 values/);
    let tower: Record<string, unknown> = { type: "string" };
    for (let level = 0; level < 40; level++) tower = { type: "object", properties: { a: tower, b: tower } };
    expect(refusal(tower).detail).toMatch(/more than 250000 values/);
  });

  test("what cannot be followed or compiled is named", () => {
    expect(refusal({ type: "object", properties: { a: { $ref: "https://example.org/x.json" } } }).detail).toContain(
      "https://example.org/x.json",
    );
    expect(refusal({ type: "object", properties: { a: { $ref: "#/$defs/no" } } }).detail).toContain("#/$defs/no");
    expect(refusal({ type: "object", properties: { a: { pattern: "(" } } }).detail).toContain('"("');
    expect(refusal({ type: "object", properties: { a: "string" } }).detail).toContain("`properties`");
    expect(refusal({ type: "objekt" }).detail).toContain('"objekt"');
  });
});
