import { describe, expect, it } from "vitest";
import { createRandom } from "../../random/random.js";
import { textOfPattern } from "./text-of-pattern.js";

describe("textOfPattern", () => {
  it.each([
    "^[a-z]+$",
    "^\\d{3}-\\d{4}$",
    "^(?:GET|POST|PUT) /\\w*$",
    "^(?<word>[a-c]{2})-\\k<word>$",
    "^([xy])\\1{2}$",
    "^[^a-z\\s]{4,6}$",
    "^(?=.*\\d).{1,9}$",
    "^\\p{Lu}\\p{Ll}+$",
    "^[\\u4e00-\\u9fa5]{2,4}$",
    "^\\x41\\u{42}?$",
    "^a{2,}b{3}c?$",
    "colou?r",
    "^[\\w.-]+@[a-z]+\\.(?:com|org)$",
    "^-?\\d+(?:\\.\\d+)?$",
    "^[]a]|\\[x\\]$",
    "^(a|b(c|d)*)+$",
    "^#(?:[0-9a-f]{3}){1,2}$",
    "^.*$",
    "^\\S+\\s\\S+$",
    "^\\.\\*$",
  ])("matches %s", (pattern) => {
    for (let seed = 0; seed < 20; seed += 1) {
      expect(textOfPattern(pattern, createRandom(seed), 0, 1000)).toMatch(
        new RegExp(pattern, pattern.includes("[]a]") ? "" : "u"),
      );
    }
  });

  it("keeps to the length that is asked for", () => {
    for (const [min, max] of [
      [0, 3],
      [12, 12],
      [40, 60],
    ] as const) {
      const text = textOfPattern("^[a-z-]*$", createRandom(min), min, max);
      expect(text?.length).toBeGreaterThanOrEqual(min);
      expect(text?.length).toBeLessThanOrEqual(max);
    }
  });

  it("is the same for the same seed, and nothing for what it cannot read", () => {
    const draw = (seed: string) => textOfPattern("^[a-z]{12}$", createRandom(seed), 0, 20);
    const drawn = draw("a");
    expect(drawn).toBe(draw("a"));
    expect(drawn).not.toBe(draw("b"));
    expect(textOfPattern("(", createRandom(1), 0, 9)).toBeUndefined();
  });
});
