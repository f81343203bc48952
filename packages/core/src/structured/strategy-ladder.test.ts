import { describe, expect, test } from "vitest";
import { z } from "zod";
import { BUNDLED_MODELS } from "../models/bundled-models.js";
import { normalizeSchema } from "./normalize-schema.js";
import { RungMemory } from "./rung-memory.js";
import { chooseLadder } from "./strategy-ladder.js";

const strict = normalizeSchema(z.object({ a: z.string() }));
const open = normalizeSchema(z.record(z.string(), z.string()));
const model = (...supportedParameters: string[]) => ({ supportedParameters });

describe("S17 which rungs a model is asked by", () => {
  test("a model the catalogue does not know is tried from the top", () => {
    expect(chooseLadder(undefined, undefined, strict)).toEqual([
      "json_schema_strict",
      "json_schema",
      "tool",
      "json_object",
    ]);
    expect(chooseLadder(undefined, "auto", open)).toEqual(["json_schema", "tool", "json_object"]);
  });

  test("what the catalogue says decides", () => {
    expect(chooseLadder(model("structured_outputs", "response_format"), "auto", strict)).toEqual([
      "json_schema_strict",
      "json_schema",
      "json_object",
    ]);
    expect(chooseLadder(model("tools", "tool_choice"), "auto", strict)).toEqual(["tool", "json_object"]);
    expect(chooseLadder(model("response_format"), "auto", strict)).toEqual(["json_object"]);
    expect(chooseLadder(model(), "auto", strict)).toEqual(["json_object"]);
  });

  test("the guide's default model starts with a tool", () => {
    const haiku = BUNDLED_MODELS.find(({ id }) => id === "anthropic/claude-3-haiku");
    expect(chooseLadder(haiku ?? model("tools", "tool_choice"), "auto", strict)[0]).toBe("tool");
  });

  test("a wrapper that says strict: false is not asked strictly", () => {
    const loose = normalizeSchema({
      type: "json_schema",
      json_schema: { name: "x", strict: false, schema: strict.jsonSchema },
    });
    expect(chooseLadder(undefined, "auto", loose)[0]).toBe("json_schema");
  });

  test("a strategy that is named is the only rung", () => {
    expect(chooseLadder(model(), "json_schema_strict", open)).toEqual(["json_schema_strict"]);
    expect(chooseLadder(model("tools"), "json_object", strict)).toEqual(["json_object"]);
  });
});

describe("what a model has refused", () => {
  const ladder = chooseLadder(undefined, "auto", strict);

  test("is not asked again, until it is forgotten", () => {
    let now = 0;
    const memory = new RungMemory(() => now, 1_000);
    memory.refuse("a/b", "json_schema_strict");
    memory.refuse("a/b", "tool");
    expect(memory.usable("a/b", ladder)).toEqual(["json_schema", "json_object"]);
    expect(memory.usable("a/c", ladder)).toEqual(ladder);
    now = 999;
    expect(memory.hasRefused("a/b", "tool")).toBe(true);
    now = 1_000;
    expect(memory.usable("a/b", ladder)).toEqual(ladder);
  });

  test("where everything was refused, the last rung is tried", () => {
    const memory = new RungMemory();
    for (const rung of ladder) memory.refuse("a/b", rung);
    expect(memory.usable("a/b", ladder)).toEqual(["json_object"]);
    expect(memory.usable("a/b", ["tool"])).toEqual(["tool"]);
  });

  test("a thousand models are remembered, the oldest goes first", () => {
    const memory = new RungMemory();
    for (let number = 0; number <= 1_000; number++) memory.refuse(`m${number}`, "tool");
    expect([
      memory.hasRefused("m0", "tool"),
      memory.hasRefused("m1", "tool"),
      memory.hasRefused("m1000", "tool"),
    ]).toEqual([false, true, true]);
  });
});
