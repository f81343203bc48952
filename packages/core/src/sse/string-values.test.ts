import fc from "fast-check";
import { expect, test } from "vitest";
import { anyCharacter } from "../../test/any-character.js";
import { stringValues } from "./string-values.js";

const found = (json: string, ...keys: string[]) =>
  stringValues(json, new Set(keys)).map(({ from, to }) => json.slice(from, to));

test("the strings behind the keys, in their order", () => {
  expect(found('{"a":"x","b":"y","c":{"a":"z"},"d":1}', "a", "b")).toEqual(["x", "y", "z"]);
  expect(found('{"b":"y"}', "a")).toEqual([]);
  expect([found("{}", "a"), found("12", "a"), found('"a"', "a")]).toEqual([[], [], []]);
});

test("only the string that follows its key, no later one", () => {
  expect(found('{"a":["x","y"],"b":["a","z"]}', "a")).toEqual(["x"]);
  expect(found('{"a":1,"b":"y"}', "a")).toEqual([]);
  expect(found('["a","x"]', "a")).toEqual([]);
  expect(found('["x","y"]', "")).toEqual(["x", "y"]);
});

test("blanks around the colon and escapes inside the strings", () => {
  expect(found('{ "a" \t\r\n : \n "x" , "b" : "y" }', "a", "b")).toEqual(["x", "y"]);
  expect(found(String.raw`{"a":"\"x\\","b":"\\\"a\":"}`, "a", "b")).toEqual([String.raw`\"x\\`, String.raw`\\\"a\":`]);
  expect(found('{"a":"","b":":"}', "a", "b")).toEqual(["", ":"]);
});

test("whatever stands in the strings, they are the values of the keys", () => {
  const text = fc.string({ unit: anyCharacter, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), text)), fc.nat(2), (entries, indent) => {
      const json = JSON.stringify(
        entries.map(([key, value]) => ({ [key]: value })),
        undefined,
        indent,
      );
      const expected = entries.filter(([key]) => key !== "c").map(([, value]) => value);
      expect(found(json, "a", "b").map((raw) => JSON.parse(`"${raw}"`))).toEqual(expected);
    }),
  );
});
