import type { CharacterRange } from "./pattern-node.js";

const range = (from: string, to: string): CharacterRange => [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0];

export const digits: readonly CharacterRange[] = [range("0", "9")];
export const wordCharacters: readonly CharacterRange[] = [
  range("a", "z"),
  range("A", "Z"),
  range("0", "9"),
  range("_", "_"),
];
export const spaces: readonly CharacterRange[] = [range(" ", " ")];
export const printable: readonly CharacterRange[] = [range(" ", "~")];

const byProperty: Readonly<Record<string, readonly CharacterRange[]>> = {
  L: [range("a", "z"), range("A", "Z")],
  Lu: [range("A", "Z")],
  Ll: [range("a", "z")],
  N: digits,
  Nd: digits,
  P: [range("!", "/")],
  S: [range("+", "+"), range("=", "=")],
  Z: spaces,
  Zs: spaces,
  Han: [range("一", "龥")],
  Latin: [range("a", "z"), range("A", "Z")],
  Cyrillic: [range("а", "я")],
  Greek: [range("α", "ω")],
  Emoji: [range("😀", "😎")],
  Emoji_Presentation: [range("😀", "😎")],
  Extended_Pictographic: [range("😀", "😎")],
  Emoji_Component: digits,
};

/** Sample ranges of a Unicode property such as `L`, `Letter`, `Script=Han`. */
export function unicodeProperty(expression: string): readonly CharacterRange[] {
  const name = expression.replace(/^(?:General_Category|gc|Script|sc|Script_Extensions|scx)=/, "");
  const long: Readonly<Record<string, string>> = {
    Letter: "L",
    Number: "N",
    Punctuation: "P",
    Symbol: "S",
    Separator: "Z",
    Uppercase_Letter: "Lu",
    Lowercase_Letter: "Ll",
    Alphabetic: "L",
  };
  return byProperty[long[name] ?? name] ?? wordCharacters;
}

/** All code points of the candidates that the excluded ranges leave. */
export function without(candidates: readonly CharacterRange[], excluded: readonly CharacterRange[]): CharacterRange[] {
  const left: CharacterRange[] = [];
  for (const [from, to] of candidates) {
    for (let point = from; point <= to; point += 1) {
      if (!excluded.some(([low, high]) => point >= low && point <= high)) left.push([point, point]);
    }
  }
  return left;
}
