import { expect, test, vi } from "vitest";
import { LineCutter, MAX_LINE_BYTES } from "./line-cutter.js";

test("gives every byte once, in order, and whole lines only, wherever the bytes were cut", () => {
  const bytes = Buffer.from("a\n\r\né\r世\n\nb\rc");
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second++) {
      const cutter = new LineCutter();
      const reads = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
      const given = reads.map((read) => cutter.take(read)?.toString()).filter((lines) => lines !== undefined);
      for (const lines of given) expect(lines).toMatch(/[\r\n]$/);
      expect([given.join(""), cutter.rest().toString()]).toEqual(["a\n\r\né\r世\n\nb\r", "c"]);
    }
  }
});

test("copies a long line once, however many reads bring it", () => {
  const cutter = new LineCutter();
  const joined = vi.spyOn(Buffer, "concat");
  const piece = Buffer.alloc(1024, "a");
  for (let read = 0; read < 1024; read++) cutter.take(piece);
  const line = cutter.take(Buffer.from("\n"));
  const copies = joined.mock.results.length;
  joined.mockRestore();
  expect([line?.length, copies]).toEqual([1024 * 1024 + 1, 1]);
});

test("refuses to hold a line without an end", () => {
  const cutter = new LineCutter();
  const piece = Buffer.alloc(1024 * 1024, "a");
  for (let held = 0; held < MAX_LINE_BYTES; held += piece.length) expect(cutter.take(piece)).toBeUndefined();
  expect(() => cutter.take(piece)).toThrow(expect.objectContaining({ code: "invalid_response" }));
});
