import { expect, it } from "vitest";
import { countTokens, tokenize } from "./tokens.js";

it.each([
  "",
  "Hello, wonderful world!",
  "人工智能技术发展趋势，2026 年。",
  "a\n\n  b\t c",
  "👩‍👩‍👧 naïve ﬁ Привет 12345.67",
  '{"a":[1,2]}',
])("pieces of %j are the text again", (text) => {
  expect(tokenize(text).join("")).toBe(text);
  expect(countTokens(text)).toBe(tokenize(text).length);
});

it("never cuts a surrogate pair", () => {
  expect(tokenize("😀😀a😀").every((piece) => piece.isWellFormed())).toBe(true);
});
