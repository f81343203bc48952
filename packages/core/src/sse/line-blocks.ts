const LF = 10;
const CR = 13;

/**
 * Cuts a byte stream at its line ends: gives the text of all lines that are complete, with `\n` as the only line end,
 * and holds the bytes of the last, incomplete one as a list that is joined once. A line end is never inside a UTF-8
 * sequence, so each block is decoded by itself; invalid bytes become U+FFFD; a byte order mark at the start is dropped.
 */
export class LineBlocks {
  /** Bytes of the incomplete last line. */
  heldBytes = 0;
  #held: Uint8Array[] = [];
  #atStart = true;
  #afterCr = false;

  /** The complete lines that `pieces` finish, each with its line end; undefined if they finish none. */
  take(pieces: readonly Uint8Array[]): string | undefined {
    for (let index = pieces.length - 1; index >= 0; index -= 1) {
      const piece = pieces[index] as Uint8Array;
      const cut = lastLineEnd(piece) + 1;
      if (cut === 0) continue;
      const isAlone = this.#held.length === 0 && index === 0;
      const text = isAlone
        ? asBuffer(piece).toString("utf8", 0, cut)
        : textOf([...this.#held, ...pieces.slice(0, index), piece.subarray(0, cut)]);
      this.#held = [];
      this.heldBytes = 0;
      if (cut < piece.length) this.#hold(piece.subarray(cut));
      for (let later = index + 1; later < pieces.length; later += 1) this.#hold(pieces[later] as Uint8Array);
      return this.#normalise(text);
    }
    for (const piece of pieces) this.#hold(piece);
    return undefined;
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.heldBytes += bytes.length;
  }

  /** The last line where the stream ended without a line end; the empty string otherwise. */
  rest(): string {
    const text = this.#normalise(textOf(this.#held));
    this.#held = [];
    this.heldBytes = 0;
    return text;
  }

  #normalise(text: string): string {
    let start = 0;
    if (this.#atStart) {
      this.#atStart = false;
      if (text.charCodeAt(0) === 0xfeff) start = 1;
    }
    // The LF of a CRLF whose CR ended the block before.
    if (this.#afterCr && text.charCodeAt(start) === LF) start += 1;
    this.#afterCr = text.charCodeAt(text.length - 1) === CR;
    const block = text.slice(start);
    return block.includes("\r") ? block.replace(/\r\n?/g, "\n") : block;
  }
}

function lastLineEnd(piece: Uint8Array): number {
  const newline = piece.lastIndexOf(LF);
  // Only what follows the last LF can hold a later CR: nothing, in most reads.
  if (newline === piece.length - 1) return newline;
  return newline + 1 + piece.subarray(newline + 1).lastIndexOf(CR);
}

function textOf(pieces: readonly Uint8Array[]): string {
  return Buffer.concat(pieces).toString("utf8");
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
