import { expect, test } from "vitest";
import { LineBlocks } from "./line-blocks.js";

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
/** What reads of one piece each give. */
function taken(...reads: string[]) {
  const blocks = new LineBlocks();
  return [...reads.map((read) => blocks.take([bytes(read)])), blocks.rest()];
}

test("complete lines come as a block, the incomplete one waits for its end", () => {
  expect(taken("a\nb\nc", "d\n", "")).toEqual(["a\nb\n", "cd\n", undefined, ""]);
  expect(taken("a", "b", "\n\nc", "d")).toEqual([undefined, undefined, "ab\n\n", undefined, "cd"]);
  expect(taken("\na\n")).toEqual(["\na\n", ""]);
});

test("several pieces of a read are one text", () => {
  const blocks = new LineBlocks();
  expect(blocks.take([bytes("a"), bytes("b\nc"), bytes("d\ne"), bytes("f"), bytes("g")])).toBe("ab\ncd\n");
  expect([blocks.heldBytes, blocks.take([bytes("h"), bytes("\n")]), blocks.heldBytes]).toEqual([3, "efgh\n", 0]);
  expect(blocks.take([])).toBeUndefined();
});

test("the held bytes are counted, and gone once the rest was taken", () => {
  const blocks = new LineBlocks();
  blocks.take([bytes("é")]);
  blocks.take([bytes("ab\ncde")]);
  expect(blocks.heldBytes).toBe(3);
  blocks.take([bytes("fé")]);
  expect([blocks.heldBytes, blocks.rest(), blocks.heldBytes, blocks.rest()]).toEqual([6, "cdefé", 0, ""]);
});

test("CR and CRLF become LF, in one read and across reads", () => {
  expect(taken("a\r\nb\rc\n\r\n")).toEqual(["a\nb\nc\n\n", ""]);
  expect(taken("a\r", "\nb\r", "c\r\n", "\nd")).toEqual(["a\n", "b\n", "c\n", "\n", "d"]);
  expect(taken("a\nb\rc")).toEqual(["a\nb\n", "c"]);
  expect(taken("a\r", "\n", "b\n")).toEqual(["a\n", "", "b\n", ""]);
  expect(taken("a\r", "\n\n")).toEqual(["a\n", "\n", ""]);
});

test("a byte order mark is dropped at the start of the stream only", () => {
  expect(taken("\ufeffa\n", "\ufeffb\n")).toEqual(["a\n", "\ufeffb\n", ""]);
  expect(taken("\ufeff\n\n")).toEqual(["\n\n", ""]);
  expect(taken("\ufeffa")).toEqual([undefined, "a"]);
  expect(taken("a\r", "\ufeff\nb\n")).toEqual(["a\n", "\ufeff\nb\n", ""]);
});

test("what was read before is left as it was, and a view into a larger buffer is read by itself", () => {
  const blocks = new LineBlocks();
  const around = bytes("xxa\nbxx");
  expect([blocks.take([around.subarray(2, 5)]), blocks.rest()]).toEqual(["a\n", "b"]);
  expect(Buffer.from(around).toString()).toBe("xxa\nbxx");
});
