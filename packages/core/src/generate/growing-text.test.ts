import fc from "fast-check";
import { expect, test } from "vitest";
import { heldHeap } from "../../test/held-heap.js";
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

test("what is held of a text of many small pieces is little more than its characters", () => {
  const pieces = 200_000;
  const text = new GrowingText();
  const before = heldHeap();
  for (let count = 0; count < pieces; count += 1) text.add("ab");
  const bytes = heldHeap() - before;
  expect(bytes / pieces).toBeLessThan(6);
  expect(text.length).toBe(2 * pieces);
});
