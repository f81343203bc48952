import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byCharacter, cut, last, places, snapshots } from "../../../test/json-pieces.js";
import { PartialJsonParser } from "./partial-json-parser.js";

/** Whether `later` is `earlier` grown: strings by their end, arrays and objects by more at their end. */
function grows(earlier: unknown, later: unknown): boolean {
  if (typeof earlier === "string" && typeof later === "string") return later.startsWith(earlier);
  if (Array.isArray(earlier) && Array.isArray(later)) {
    return (
      earlier.length <= later.length &&
      earlier.every((item, i) => (i < earlier.length - 1 ? same(item, later[i]) : grows(item, later[i])))
    );
  }
  if (isObject(earlier) && isObject(later)) {
    const keys = Object.keys(earlier);
    return (
      keys.length <= Object.keys(later).length &&
      keys.every((key) => Object.hasOwn(later, key) && grows(earlier[key], later[key]))
    );
  }
  return Object.is(earlier, later) || earlier === later;
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const root = fc.json({ maxDepth: 5 }).map((text) => {
  const value: unknown = JSON.parse(text, (key, item: unknown) => (key === "__proto__" ? undefined : item));
  return typeof value === "object" && value !== null ? value : { value };
});
const text = fc
  .tuple(root, fc.constantFrom(undefined, 2))
  .map(([value, indent]) => JSON.stringify(value, null, indent));
describe("what has come so far", () => {
  test("strings show as their beginning; keys, numbers and words only when they are whole", () => {
    expect(byCharacter('{"a":"hi","n":12,"t":true}').map((snapshot) => JSON.stringify(snapshot))).toEqual([
      "{}",
      "{}",
      "{}",
      "{}",
      "{}",
      '{"a":""}',
      '{"a":"h"}',
      '{"a":"hi"}',
      '{"a":"hi"}',
      '{"a":"hi"}',
      '{"a":"hi"}',
      '{"a":"hi"}',
      '{"a":"hi"}',
      '{"a":"hi"}',
      '{"a":"hi"}',
      '{"a":"hi"}',
      '{"a":"hi","n":12}',
      '{"a":"hi","n":12}',
      '{"a":"hi","n":12}',
      '{"a":"hi","n":12}',
      '{"a":"hi","n":12}',
      '{"a":"hi","n":12}',
      '{"a":"hi","n":12}',
      '{"a":"hi","n":12}',
      '{"a":"hi","n":12}',
      '{"a":"hi","n":12,"t":true}',
    ]);
  });

  test("never half an escape or half a character", () => {
    expect(
      byCharacter('["\\u00e9\\n😀\\ud83d\\ude00"]').map((snapshot) => (snapshot as string[] | undefined)?.[0]),
    ).toEqual([
      undefined,
      "",
      "",
      "",
      "",
      "",
      "",
      "é",
      "é",
      "é\n",
      "é\n",
      "é\n😀",
      ...Array.from({ length: 11 }, () => "é\n😀"),
      "é\n😀😀",
      "é\n😀😀",
      "é\n😀😀",
    ]);
  });

  test("lone surrogates are kept as JSON.parse keeps them", () => {
    for (const json of ['["\\ud83d"]', '["\\ud83dx"]', '["\\ude00"]', '["\\ud83d\\ud83d\\ude00"]'])
      expect(last(json)).toEqual(JSON.parse(json));
  });
});

describe("properties", () => {
  test("whatever the splits, the end is what JSON.parse gives", () => {
    fc.assert(
      fc.property(text, places, (json, at) => {
        const parser = new PartialJsonParser();
        const pieces = cut(json, at);
        const used = pieces.reduce((sum, piece) => sum + parser.feed(piece), 0);
        expect(parser.done).toBe(true);
        expect(used).toBe(json.length);
        expect(parser.snapshot()).toEqual(JSON.parse(json));
      }),
      { numRuns: 1_500 },
    );
  });

  test("every snapshot is a beginning of the next, and stays what it was", () => {
    fc.assert(
      fc.property(text, places, (json, at) => {
        const parser = new PartialJsonParser();
        const seen: { snapshot: unknown; written: string | undefined }[] = [];
        for (const piece of cut(json, at)) {
          parser.feed(piece);
          const snapshot = parser.snapshot();
          const before = seen.at(-1)?.snapshot;
          if (before !== undefined)
            expect(grows(before, snapshot), `${JSON.stringify(before)} → ${JSON.stringify(snapshot)}`).toBe(true);
          seen.push({ snapshot, written: JSON.stringify(snapshot) });
        }
        for (const { snapshot, written } of seen) expect(JSON.stringify(snapshot)).toBe(written);
      }),
      { numRuns: 700 },
    );
  });

  test("arbitrary text never throws and never shows what JSON.parse would refuse to begin with", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "{",
            "}",
            "[",
            "]",
            '"',
            ":",
            ",",
            "a",
            "1",
            "-",
            "true",
            "\\",
            "\\u0",
            " ",
            "\n",
            "<think>",
            "</think>",
          ),
          { maxLength: 40 },
        ),
        places,
        (parts, at) => {
          const json = parts.join("");
          const whole = new PartialJsonParser();
          whole.feed(json);
          const pieces = snapshots(cut(json, at));
          expect(JSON.stringify(pieces.at(-1))).toBe(JSON.stringify(whole.snapshot()));
        },
      ),
      { numRuns: 1_500 },
    );
  });
});

describe("what is no JSON", () => {
  test.each([
    '{"a":1 "b":2}',
    '{"a":tru}',
    '{"a":01}',
    '{"a":1,,}',
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    '{"a" 1}',
    '{"a":}',
    '{"a":1]',
    '{"a":+1}',
    '{"a":1,b:2}',
  ])("%s", (broken) => {
    const parser = new PartialJsonParser();
    parser.feed(broken);
    expect([parser.broken, parser.done]).toEqual([true, false]);
    expect(() => parser.feed('{"a":2}')).not.toThrow();
    expect(parser.done).toBe(false);
  });

  test("F89 a __proto__ key is dropped with all that is in it", () => {
    const value = last('{"a":1,"__proto__":{"admin":true,"x":[1]},"b":{"__pro', 'to__":"z","c":2}}') as object;
    expect(Object.keys(value)).toEqual(["a", "b"]);
    expect(JSON.stringify(value)).toBe('{"a":1,"b":{"c":2}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  test("F90 a hundred thousand brackets end it at 256 levels", () => {
    const parser = new PartialJsonParser();
    parser.feed("[".repeat(100_000));
    expect(parser.broken).toBe(true);
    const fine = new PartialJsonParser();
    fine.feed("[".repeat(256) + "]".repeat(256));
    expect(fine.done).toBe(true);
  });
});
