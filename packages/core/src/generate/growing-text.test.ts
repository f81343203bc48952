import fc from "fast-check";
import { expect, test } from "vitest";
import { GrowingText } from "./growing-text.js";

test("a text that was never added to is empty", () => {
  const text = new GrowingText();
  expect([text.value, text.length]).toEqual(["", 0]);
});

test("the pieces in their order, however many, and whenever the text is read in between", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.boolean()), { maxLength: 600, size: "max" }), (pieces) => {
      const text = new GrowingText();
      let expected = "";
      for (const [piece, reads] of pieces) {
        text.add(piece);
        expected += piece;
        if (reads) expect(text.value).toBe(expected);
        expect(text.length).toBe(expected.length);
      }
      expect([text.value, text.value]).toEqual([expected, expected]);
    }),
    { numRuns: 20 },
  );
});
