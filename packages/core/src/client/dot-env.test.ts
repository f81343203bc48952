import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDotEnv } from "./dot-env.js";

const read = (text: string) => Object.fromEntries(parseDotEnv(text));

describe("the .env file", () => {
  test("S7 names, export, quotes and comments", () => {
    const text = [
      "\uFEFF# the guide's own spelling",
      "LLM=openrouter",
      "export OPENROUTER_API_KEY=sk-or-v1-abc   # my key",
      "  export   SPACED  =  two words  ",
      "SINGLE='as it is \\n # really'",
      'DOUBLE="a\\tb\\n\\"c\\" \\\\ # in" # out',
      "EMPTY=",
      "COMMENTED= # nothing",
      "HASH=a#b",
      "not a line",
      "1BAD=x",
    ].join("\r\n");
    expect(read(text)).toEqual({
      LLM: "openrouter",
      OPENROUTER_API_KEY: "sk-or-v1-abc",
      SPACED: "two words",
      SINGLE: "as it is \\n # really",
      DOUBLE: 'a\tb\n"c" \\ # in',
      EMPTY: "",
      COMMENTED: "",
      HASH: "a#b",
    });
  });

  test("quoted values go over several lines; an open quote is part of a bare value", () => {
    expect(read("A='one\ntwo'\nB=3")).toEqual({ A: "one\ntwo", B: "3" });
    expect(read("A='one\nB=3")).toEqual({ A: "'one", B: "3" });
    expect(read("A=\"it\"s\nB='x' y")).toEqual({ A: '"it"s', B: "'x' y" });
  });

  test("the last of several wins; names of the prototype are plain names", () => {
    expect(read("A=1\nA=2")).toEqual({ A: "2" });
    expect(parseDotEnv("__proto__=x").get("__proto__")).toBe("x");
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  test("what is written quoted is read back", () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
    fc.assert(
      fc.property(
        name,
        fc.string().filter((value) => !value.includes("\r")),
        (key, value) => {
          const escaped = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
          expect(parseDotEnv(`x=1\nexport ${key}="${escaped}" # c\ny=2`).get(key)).toBe(value);
        },
      ),
    );
  });

  test("any text at all is read without a throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("A", "=", "'", '"', "\n", "#", " ", "\\") }), (text) => {
        expect(parseDotEnv(text)).toBeInstanceOf(Map);
      }),
    );
  });
});
