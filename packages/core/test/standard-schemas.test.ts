import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { scope, type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { jsonSchema, type Schema, tool } from "../src/index.js";
import { batchesOf } from "./batches-of.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";

const tree = {
  name: "a",
  kids: [
    { name: "b", kids: [] },
    { name: "c", kids: [{ name: "d", kids: [] }] },
  ],
};
const cut = { name: "a", kids: [{ name: "b" }] };

interface Tree {
  name: string;
  kids: Tree[];
}
const byGetter = z.object({
  name: z.string(),
  get kids() {
    return z.array(byGetter);
  },
});
const byLazy: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), kids: z.array(byLazy) }));
const valibotTree: v.GenericSchema<Tree> = v.object({ name: v.string(), kids: v.array(v.lazy(() => valibotTree)) });
const arktypeTree = scope({ node: { name: "string", kids: "node[]" } }).export().node;
const byRef = jsonSchema<Tree>({
  $ref: "#/$defs/node",
  $defs: {
    node: {
      type: "object",
      properties: { name: { type: "string" }, kids: { type: "array", items: { $ref: "#/$defs/node" } } },
      required: ["name", "kids"],
    },
  },
});

const circle = { kind: "circle", radius: 2 };
const unions: [string, Schema][] = [
  [
    "zod",
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("circle"), radius: z.number() }),
      z.object({ kind: z.literal("square"), side: z.number() }),
    ]),
  ],
  [
    "valibot",
    toStandardJsonSchema(
      v.variant("kind", [
        v.object({ kind: v.literal("circle"), radius: v.number() }),
        v.object({ kind: v.literal("square"), side: v.number() }),
      ]),
    ),
  ],
  ["arktype", type({ kind: "'circle'", radius: "number" }).or({ kind: "'square'", side: "number" })],
  [
    "JSON Schema",
    {
      oneOf: [
        { $ref: "#/$defs/circle" },
        {
          type: "object",
          properties: { kind: { const: "square" }, side: { type: "number" } },
          required: ["kind", "side"],
        },
      ],
      $defs: {
        circle: {
          type: "object",
          properties: { kind: { const: "circle" }, radius: { type: "number" } },
          required: ["kind", "radius"],
        },
      },
    },
  ],
];

describe("S17 recursion, whole and streamed", () => {
  test.each<[string, Schema]>([
    ["zod, by getters", byGetter],
    ["zod, by z.lazy", byLazy],
    ["valibot, by v.lazy", toStandardJsonSchema(valibotTree)],
    ["arktype, by a scope", arktypeTree],
    ["JSON Schema, by $ref", byRef],
  ])("S17 %s: what does not fit is asked for again, deep inside too", async (_name, schema) => {
    const { llm, provider } = scriptedClient([{ object: cut }, { object: tree }, { object: tree }]);
    const result = await llm.generateStructured({ prompt: "A tree", schema });
    expect(result).toMatchObject({ object: tree, strategy: "json_schema_strict" });
    expect(provider.requests[1]?.messages.at(-1)?.content).toMatch(/kids/);
    const stream = llm.streamStructured({ prompt: "A tree", schema });
    expect((await batchesOf(stream)).at(-1)).toEqual(tree);
    expect((await stream.result).object).toEqual(tree);
    const sent = provider.requests[2]?.response_format as { json_schema: { strict: boolean; schema: object } };
    expect([sent.json_schema.strict, sent.json_schema.schema]).toMatchObject([true, { type: "object" }]);
  });
});

describe("S17 unions, whole and streamed", () => {
  test.each(unions)("S17 %s", async (_name, schema) => {
    const { llm, provider } = scriptedClient([
      { object: { value: { kind: "circle", side: 2 } } },
      { object: { value: circle } },
      { object: { value: circle } },
    ]);
    expect((await llm.generateStructured({ prompt: "A shape", schema })).object).toEqual(circle);
    expect(provider.requests).toHaveLength(2);
    const stream = llm.streamStructured({ prompt: "A shape", schema });
    expect((await batchesOf(stream)).at(-1)).toEqual(circle);
    expect((await stream.result).object).toEqual(circle);
  });
});

describe("S17 what a validator makes of the answer", () => {
  test.each<[string, Schema, unknown]>([
    ["zod", z.object({ n: z.string().transform(Number) }), { n: 5 }],
    ["valibot", toStandardJsonSchema(v.object({ n: v.pipe(v.string(), v.transform(Number)) })), { n: 5 }],
    ["arktype", type({ n: "string.numeric.parse" }), { n: 5 }],
  ])("S17 %s: the input goes out and grows, the output is the result", async (_name, schema, made) => {
    const { llm, provider } = scriptedClient([{ object: { n: "5" } }]);
    const stream = llm.streamStructured({ prompt: "A number", schema });
    expect((await batchesOf(stream)).at(-1)).toEqual({ n: "5" });
    expect((await stream.result).object).toEqual(made);
    expect(provider.requests[0]?.response_format).toMatchObject({
      json_schema: { schema: { properties: { n: { type: "string" } } } },
    });
  });

  test("S17 valibot as it is cannot write itself: refused before anything is sent, with the way round", async () => {
    const { llm, provider } = scriptedClient(["never"]);
    const error = await rejection(llm.generateStructured({ prompt: "x", schema: v.object({ a: v.string() }) }));
    expect([error.code, error.hint, provider.requests]).toEqual([
      "invalid_request",
      expect.stringContaining("toStandardJsonSchema()"),
      [],
    ]);
  });

  test("S18 a tool takes any of them for its parameters", async () => {
    const seen: unknown[] = [];
    const add = { description: "Adds", execute: (args: unknown) => void seen.push(args) };

    const tools = [
      tool({ ...add, name: "zod", parameters: z.object({ n: z.number() }) }),
      tool({ ...add, name: "valibot", parameters: toStandardJsonSchema(v.object({ n: v.number() })) }),
      tool({ ...add, name: "arktype", parameters: type({ n: "number" }) }),
    ];
    const { llm, provider } = scriptedClient([
      {
        toolCalls: [
          ...tools.map(({ name }) => ({ name, arguments: { n: 1 } })),
          { name: "valibot", arguments: { n: "one" } },
        ],
      },
      "done",
    ]);
    const { steps } = await llm.generate({ prompt: "go", tools });
    expect([seen, steps[0]?.toolResults.map(({ isError }) => isError)]).toEqual([
      [{ n: 1 }, { n: 1 }, { n: 1 }],
      [undefined, undefined, undefined, true],
    ]);
    expect(provider.requests[0]?.tools).toHaveLength(3);
  });
});
