import { describe, expect, test } from "vitest";
import { heldHeap } from "../../test/held-heap.js";
import { EventDecoder } from "./event-decoder.js";

// Node keeps strings of more than a megabyte outside of the heap that is measured.
const READ_BYTES = 800_000;
const PADDING = `: ${"x".repeat(READ_BYTES)}\n\n`;
const line = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;

/** How much is held after reads of a few bytes and a lot of padding each, and what they gave. */
function heldAfter(...reads: string[]): { texts: unknown[]; held: number } {
  const decoder = new EventDecoder(2 * READ_BYTES);
  const before = heldHeap();
  const texts = reads.flatMap((read) =>
    decoder.decode([Buffer.from(read + PADDING)]).map((chunk) => chunk.choices?.[0]?.delta?.content),
  );
  const held = heldHeap() - before;
  return { texts, held: decoder.failure === undefined ? held : Number.NaN };
}

describe("what is kept of a read is not the whole of it", () => {
  test.each([[1], [12], [13], [14], [100]])("with a text of %d characters", (length) => {
    const text = "t".repeat(length);
    const { texts, held } = heldAfter(line("a") + line("b"), line("c"), line(text), line(text));
    expect(texts).toEqual(["a", "b", "c", text, text]);
    expect(held).toBeLessThan(READ_BYTES / 2);
  });
});
