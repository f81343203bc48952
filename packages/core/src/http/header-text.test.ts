import { expect, test } from "vitest";
import { headerText, illegalHeader } from "./header-text.js";

test.each([
  ["Deck Studio", "Deck Studio"],
  ["a\r\nx-evil: 1", "ax-evil: 1"],
  ["日本", "%E6%97%A5%E6%9C%AC"],
  ["café 🌍", "caf%C3%A9 %F0%9F%8C%8D"],
  ["\ud800", "%EF%BF%BD"],
  ["\u0000\u007f\u0085", undefined],
  ["   ", undefined],
  [undefined, undefined],
])("F84 %j becomes %j", (text, expected) => {
  expect(headerText(text)).toBe(expected);
});

test("F84 a text of 10 KB is cut at a whole character", () => {
  const cut = headerText("日".repeat(10_000)) ?? "";
  expect(cut.length).toBeLessThanOrEqual(512);
  expect(decodeURIComponent(cut)).toBe("日".repeat(cut.length / 9));
});

test.each([
  [{ "x-ok": "fine\tand ~" }, undefined],
  [{ "x-bad": "café" }, "x-bad"],
  [{ "x-ok": "", "x-bad": "a\nb" }, "x-bad"],
  [{ "x-bad": "日" }, "x-bad"],
  [{ "x-bad": undefined as unknown as string }, "x-bad"],
  [{ "x-bad": 7 as unknown as string }, "x-bad"],
  [{ "x bad": "" }, "with a malformed name"],
  [{ "": "" }, "with a malformed name"],
])("in %j the illegal header is %j", (headers, expected) => {
  expect(illegalHeader(headers)).toBe(expected);
});
