import { InvalidResponseError } from "@signalbox/core";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** The longest line that is held until it is whole. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Cuts bytes at their line ends (LF, CRLF or CR) and holds those of the last, incomplete line until it is whole. */
export class LineCutter {
  #held: Buffer[] = [];
  #heldBytes = 0;

  /**
   * The whole lines that `bytes` complete, byte for byte; undefined if there are none.
   *
   * @throws InvalidResponseError `invalid_response` for a line of more than 64 MiB
   */
  take(bytes: Uint8Array): Buffer | undefined {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = Math.max(piece.lastIndexOf(LINE_FEED), piece.lastIndexOf(CARRIAGE_RETURN)) + 1;
    const head = piece.subarray(0, end);
    const lines = end === 0 ? undefined : this.#held.length === 0 ? head : Buffer.concat([...this.#held, head]);
    if (lines !== undefined) this.#drop();
    if (end < piece.length) this.#hold(piece.subarray(end));
    return lines;
  }

  /** What stands behind the last line end; empty where nothing does. */
  rest(): Buffer {
    const rest = Buffer.concat(this.#held);
    this.#drop();
    return rest;
  }

  #hold(piece: Buffer): void {
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes > MAX_LINE_BYTES) {
      this.#drop();
      throw new InvalidResponseError("invalid_response", `a line of the stream exceeds ${MAX_LINE_BYTES} bytes`);
    }
  }

  #drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }
}
