import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byCharacter, cut, last, places, snapshots } from "../../../test/json-pieces.js";

describe("around the JSON", () => {
  const wanted = { a: [1, { b: "c" }] };
  const json = JSON.stringify(wanted);
  test.each([
    ["a byte order mark", `\uFEFF${json}`],
    ["a fence", `\`\`\`json\n${json}\n\`\`\``],
    ["prose", `Sure! Here it is: ${json} Enjoy {it}.`],
    ["thoughts", `<think>maybe {"a": 1} or [2]</think>\n${json}`],
    ["thoughts in capitals", `<THINKING>{"a": 1}</THINKING>${json}`],
    ["brackets in prose", `A {thing} and a [link](url), then ${json}`],
    ["a comma too many", '{"a":[1,{"b":"c",},],}'],
  ])("%s", (_name, around) => {
    fc.assert(
      fc.property(places, (at) => {
        expect(snapshots(cut(around, at)).at(-1)).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
    expect(last(around)).toEqual(wanted);
  });

  test("thoughts without an end show nothing", () => {
    expect(last(`<think>{"a": 1}`)).toBeUndefined();
  });

  test("a bracket that stands first begins at once, one in prose when something of JSON follows it", () => {
    expect(byCharacter(' {"a"')).toEqual([undefined, {}, {}, {}, {}]);
    expect(byCharacter('x {"a"')).toEqual([undefined, undefined, undefined, {}, {}, {}]);
    expect(byCharacter("{x} {")).toEqual([{}, undefined, undefined, undefined, undefined]);
  });

  test("only the brackets asked for begin a root", () => {
    expect(snapshots(['[1] {"a":1}'], { opening: "{" })).toEqual([{ a: 1 }]);
  });

  test("raw line breaks in strings are taken as they are", () => {
    expect(last('{"a":"one\ntwo\t"}')).toEqual({ a: "one\ntwo\t" });
  });
});
