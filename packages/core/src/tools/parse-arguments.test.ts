import fc from "fast-check";
import { expect, test } from "vitest";
import { argumentsText, parseArguments } from "./parse-arguments.js";

test.each(["", " ", "\n\t "])("F77 nothing at all, %j, is an empty object", (raw) => {
  expect(parseArguments(raw)).toEqual({ ok: true, value: {} });
});

test.each(["null", "[]", "[{}]", '"{}"', "1", "true", "{", '{"a":1', "{}{}", "undefined", "{'a':1}"])(
  "F77 %j is invalid",
  (raw) => {
    expect(parseArguments(raw)).toEqual({ ok: false });
  },
);

test.each([
  ["__proto__", '{"__proto__":{"admin":true},"b":1}'],
  ["an escaped sign of it", '{"\\u005f_proto__":{"admin":true},"b":1}'],
  ["an escaped letter of it", '{"__pr\\u006Fto__":{"admin":true},"b":1}'],
  ["a nested one", '{"b":1,"__proto__":{"__proto__":{"admin":true}}}'],
])("F89 %s is dropped, and copying the arguments swaps no prototype", (_, raw) => {
  const parsed = parseArguments(raw);
  const copy: object = Object.assign({}, parsed.ok ? parsed.value : undefined);
  expect([Object.getPrototypeOf(copy), copy]).toEqual([Object.prototype, { b: 1 }]);
});

test("every object of JSON is itself but for that key, escapes and the word in a value included", () => {
  const values = fc.oneof(fc.jsonValue(), fc.constantFrom("__proto__", "\u005f", "\\u005f", "\u0000"));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), values), (given) => {
      const raw = JSON.stringify(given);
      const value: unknown = JSON.parse(raw, (key, item: unknown) => (key === "__proto__" ? undefined : item));
      expect(parseArguments(raw)).toEqual({ ok: true, value });
    }),
  );
});

test("arguments that come as a value are its JSON, and none are no text", () => {
  expect([{ a: 1 }, [], 7, "", '{"a":1}', null, undefined].map(argumentsText)).toEqual([
    '{"a":1}',
    "[]",
    "7",
    "",
    '{"a":1}',
    "",
    "",
  ]);
});
