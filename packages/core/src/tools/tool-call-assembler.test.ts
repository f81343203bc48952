import fc from "fast-check";
import { expect, test } from "vitest";
import { ToolCallAssembler } from "./tool-call-assembler.js";

const makeId = (position: number) => `made-${position}`;
const finish = (assembler: ToolCallAssembler) => assembler.finish(makeId);

test("pieces are joined by their index, whatever order they come in", () => {
  const assembler = new ToolCallAssembler();
  assembler.add({ index: 0, id: "a", function: { name: "f", arguments: '{"x"' } });
  assembler.add({ index: 1, id: "b", function: { name: "g", arguments: '{"y"' } });
  assembler.add({ index: 1, function: { arguments: ":2}" } });
  assembler.add({ index: 0, function: { arguments: ":1}" } });
  expect(finish(assembler)).toEqual([
    { id: "a", name: "f", rawArguments: '{"x":1}', arguments: { x: 1 } },
    { id: "b", name: "g", rawArguments: '{"y":2}', arguments: { y: 2 } },
  ]);
});

test("F75 another id and a name on a reused index start a new call", () => {
  const assembler = new ToolCallAssembler();
  assembler.add({ index: 0, id: "a", function: { name: "f", arguments: '{"x":1}' } });
  assembler.add({ index: 0, id: "b", function: { name: "g", arguments: '{"y":2}' } });
  expect(finish(assembler).map((call) => [call.id, call.name, call.arguments])).toEqual([
    ["a", "f", { x: 1 }],
    ["b", "g", { y: 2 }],
  ]);
});

test("F75 without an index the id decides, and without either the latest call is meant", () => {
  const assembler = new ToolCallAssembler();
  assembler.add({ id: "a", function: { name: "f", arguments: "{" } });
  assembler.add({ function: { arguments: '"x":1}' } });
  assembler.add({ id: "b", function: { name: "f", arguments: "{}" } });
  expect(finish(assembler).map((call) => [call.id, call.arguments])).toEqual([
    ["a", { x: 1 }],
    ["b", {}],
  ]);
});

test("F74 missing and repeated ids are made unique", () => {
  const assembler = new ToolCallAssembler();
  assembler.add({ index: 0, id: "same", function: { name: "f" } });
  assembler.add({ index: 1, id: "same", function: { name: "g" } });
  assembler.add({ index: 2, id: "", function: { name: "h" } });
  expect(finish(assembler).map((call) => call.id)).toEqual(["same", "made-1", "made-2"]);
});

test("F76 a name that never comes makes the call invalid; a repeated one is taken once", () => {
  const assembler = new ToolCallAssembler();
  assembler.add({ index: 0, id: "a", function: { name: "fetch", arguments: "{" } });
  assembler.add({ index: 0, id: "a", function: { name: "fetch", arguments: "}" } });
  assembler.add({ index: 1, id: "b", function: { arguments: "{}" } });
  expect(finish(assembler)).toEqual([
    { id: "a", name: "fetch", rawArguments: "{}", arguments: {} },
    { id: "b", name: "", rawArguments: "{}", invalid: true },
  ]);
});

test("F77 arguments: empty is {}, an object is itself, everything else is invalid", () => {
  const assembler = new ToolCallAssembler();
  const given = ["", undefined, { a: 1 }, '{}{"a":1}', "[1]", '"x"', '{"cut'];
  for (const [index, value] of given.entries())
    assembler.add({ index, id: `c${index}`, function: { name: "f", arguments: value } });
  expect(finish(assembler).map((call) => call.arguments ?? "invalid")).toEqual([
    {},
    {},
    { a: 1 },
    "invalid",
    "invalid",
    "invalid",
    "invalid",
  ]);
});

test("F89 a __proto__ key in arguments changes no prototype", () => {
  const assembler = new ToolCallAssembler();
  assembler.add({ index: 0, id: "a", function: { name: "f", arguments: '{"__proto__":{"admin":true},"b":1}' } });
  const copy = { ...finish(assembler)[0]?.arguments } as Record<string, unknown>;
  expect([copy.admin, copy.b, ({} as Record<string, unknown>).admin]).toEqual([undefined, 1, undefined]);
});

test("any cut of the arguments gives the same call", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.nat(200)), (value, cuts) => {
      const text = JSON.stringify(value);
      const assembler = new ToolCallAssembler();
      assembler.add({ index: 0, id: "a", function: { name: "f", arguments: "" } });
      let start = 0;
      for (const cut of [...cuts.sort((a, b) => a - b), text.length]) {
        assembler.add({ index: 0, function: { arguments: text.slice(start, Math.max(start, cut)) } });
        start = Math.max(start, cut);
      }
      expect(finish(assembler)[0]?.rawArguments).toBe(text);
    }),
  );
});
