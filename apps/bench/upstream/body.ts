/** An answer as the upstream writes it: every element of `writes` is one write, one HTTP chunk. */
export interface Body {
  kind: "stream" | "paced" | "held" | "first" | "json";
  writes: readonly Buffer[];
  /** What a held stream goes on with when it is let go; what a JSON answer is when it is asked for as a stream. */
  rest?: readonly Buffer[];
  expect: Expectation;
}

/** What a right reader gets from a body. */
export interface Expectation {
  /** Length of the whole text. */
  chars: number;
  /** Deltas of any kind: what a cost is divided by. */
  deltas: number;
  /** Deltas that carry text. */
  pieces: number;
}

const BLOCK = 16 * 1024;

/** Cuts `text` every `size` bytes, in the middle of a character where it falls so. */
export function cut(text: string, size = BLOCK): Buffer[] {
  const bytes = Buffer.from(text, "utf8");
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}
