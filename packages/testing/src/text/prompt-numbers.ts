/** Chinese measure words that count parts of a document, by the property names they speak of. */
const counters: readonly (readonly [RegExp, string])[] = [
  [/slide|page/i, "页|张|张幻灯片|页幻灯片|slides?|pages?"],
  [/chapter|section/i, "章|节|部分|sections?|chapters?"],
  [
    /point|bullet|item|reason|step|tip|idea/i,
    "条|点|个要点|项|步|points?|bullets?|items?|reasons?|steps?|tips?|ideas?",
  ],
  [/sentence/i, "句|句话|sentences?"],
  [/^age$/i, "岁|years? old|year-old"],
];

/**
 * The number that a prompt gives for a property: `8 slides`, `slides: 8`, `number of slides = 8`, `共8页`,
 * `30 years old` for `age`. Absent where the prompt names none.
 */
export function promptNumber(prompt: string, property: string): number | undefined {
  if (!property) return undefined;
  const spoken = literally(
    property
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .replace(/[_-]/g, " ")
      .toLowerCase(),
  );
  // One-letter names (`a`, `b`) are words of the prose, not counted things.
  const stem = spoken.replace(/^(?:n|num|number of|total|count of) /, "").replace(/(?: count|s)$/, "");
  const nouns = [`${stem}s?`, ...counters.filter(([name]) => name.test(property)).map(([, words]) => words)].join("|");
  const total = new RegExp(
    `(?:共|total of|number of ${stem}s?)\\s*[:：=]?\\s*(\\d{1,4})\\s*(?:个)?(?:${nouns}|$)`,
    "iu",
  );
  const patterns = [
    ...(stem.length > 1 ? [total] : []),
    new RegExp(
      `(?:^|[^\\d.])(\\d{1,6}(?:\\.\\d{1,4})?)\\s*(?:个)?(?:[a-z-]+\\s+){0,2}?(?:${stem.length > 1 ? nouns : "\\u0000"})(?![a-z])`,
      "iu",
    ),
    new RegExp(`(?:${stem}s?|${spoken})(?: count)?\\s*(?:[:：=]|is|of|are)\\s*(-?\\d{1,6}(?:\\.\\d{1,4})?)`, "iu"),
  ];
  for (const pattern of patterns) {
    const found = pattern.exec(prompt)?.[1];
    if (found !== undefined) return Number(found);
  }
  return undefined;
}

/** Every number a prompt mentions, in order. */
export function numbersIn(prompt: string): number[] {
  return [...prompt.matchAll(/(?<![\p{L}\d.])-?\d{1,9}(?:\.\d{1,6})?(?![\p{Script=Latin}\d])/gu)].map((match) =>
    Number(match[0]),
  );
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
