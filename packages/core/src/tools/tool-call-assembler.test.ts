import fc from "fast-check";
import { expect, test } from "vitest";
import type { ToolCallDelta } from "../messages/chat-body.js";
import { ToolCallAssembler, toWireToolCalls } from "./tool-call-assembler.js";

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

const joined = (...deltas: ToolCallDelta[]) => {
  const assembler = new ToolCallAssembler();
  for (const delta of deltas) assembler.add(delta);
  return finish(assembler).map((call) => [call.id, call.name, call.rawArguments]);
};
const called = (name: string, text: string): ToolCallDelta => ({ function: { name, arguments: text } });

test("F75 at an index, only another id together with a name starts a new call", () => {
  const first: ToolCallDelta = { index: 0, id: "a", ...called("f", "{") };
  const joins: ToolCallDelta[] = [
    { index: 0, ...called("f", "}") },
    { index: 0, id: "a", ...called("g", "}") },
    { index: 0, id: "b", function: { arguments: "}" } },
  ];
  for (const second of joins) expect(joined(first, second)).toEqual([["a", "f", "{}"]]);
  const nameless: ToolCallDelta = { index: 0, function: { arguments: "{" } };
  expect(joined(nameless, { index: 0, id: "late", ...called("f", "}") })).toEqual([["late", "f", "{}"]]);
});

test("F75 at an index that is new, the id of an open call means that call, and a name means a new one", () => {
  const first: ToolCallDelta = { index: 0, id: "a", ...called("f", "{") };
  expect(joined(first, { index: 1, id: "a", function: { arguments: "}" } })).toEqual([["a", "f", "{}"]]);
  expect(joined(first, { index: 1, id: "b", function: { arguments: "}" } })).toEqual([
    ["a", "f", "{"],
    ["b", "", "}"],
  ]);
  expect(joined(first, { index: 1, function: { arguments: "}" } })).toHaveLength(2);
  expect(joined(first, { index: 1, id: "a", ...called("g", "{}") })).toEqual([
    ["a", "f", "{"],
    ["made-1", "g", "{}"],
  ]);
  const moved: ToolCallDelta = { index: 1, id: "a", function: { arguments: '"x":' } };
  expect(joined(first, moved, { index: 1, function: { arguments: "1}" } })).toEqual([["a", "f", '{"x":1}']]);
});

test("F75 without an index, the id finds its call among several", () => {
  const open = [
    { id: "a", ...called("f", "{") },
    { id: "b", ...called("g", "{") },
  ];
  expect(joined(...open, { id: "a", function: { arguments: "}" } })).toEqual([
    ["a", "f", "{}"],
    ["b", "g", "{"],
  ]);
});

test("without an index and an id, a name starts a new call once the latest one is whole", () => {
  expect(joined(called("f", "{}"), called("g", "{}"))).toEqual([
    ["made-0", "f", "{}"],
    ["made-1", "g", "{}"],
  ]);
  for (const text of ["", " ", "{"]) {
    expect(joined(called("f", text), called("f", "}"))).toEqual([["made-0", "f", `${text}}`]]);
  }
  const nameless: ToolCallDelta = { function: { arguments: "{}" } };
  expect(joined(nameless, called("f", ""))).toEqual([["made-0", "f", "{}"]]);
  expect(joined(called("f", "{}"), nameless)).toEqual([["made-0", "f", "{}{}"]]);
  expect([joined({}), joined(nameless)]).toEqual([[["made-0", "", ""]], [["made-0", "", "{}"]]]);
});

test("a delta is told where it went and what was new in it", () => {
  const assembler = new ToolCallAssembler();
  const told = [
    { index: 4, id: "", function: { name: "", arguments: "{" } },
    { index: 4, id: "a", function: { name: "f", arguments: '"x":' } },
    { index: 4, id: "a", function: { name: "f", arguments: "1}" } },
    { index: 7, id: "b", function: { name: "g", arguments: null } },
  ].map((delta) => assembler.add(delta as ToolCallDelta));
  expect(told).toEqual([
    { position: 0, id: undefined, name: undefined, argumentsDelta: "{" },
    { position: 0, id: "a", name: "f", argumentsDelta: '"x":' },
    { position: 0, id: undefined, name: undefined, argumentsDelta: "1}" },
    { position: 1, id: "b", name: "g", argumentsDelta: "" },
  ]);
  expect([assembler.count, assembler.argumentCharacters]).toEqual([2, 7]);
});

test("ids and names that are no text count as missing", () => {
  const odd = { index: 0, id: 7, function: { name: 7, arguments: "{}" } } as unknown as ToolCallDelta;
  expect(joined(odd)).toEqual([["made-0", "", "{}"]]);
});

test("the calls stand in a message as they came, arguments included", () => {
  const call = { id: "a", name: "f", rawArguments: '{ "x": 1 }', arguments: { x: 1 } };
  expect(toWireToolCalls([call])).toEqual([
    { id: "a", type: "function", function: { name: "f", arguments: '{ "x": 1 }' } },
  ]);
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
