const JOINED_AT = 64;

/**
 * A text that comes in pieces. A string that grows by appending is a tree of all its pieces until somebody looks into
 * it: several times its size, for as long as the stream runs. Joining a list of pieces from time to time keeps it flat.
 */
export class GrowingText {
  length = 0;
  #joined = "";
  #pieces: string[] = [];

  add(piece: string): void {
    this.length += piece.length;
    this.#pieces.push(piece);
    if (this.#pieces.length < JOINED_AT) return;
    this.#joined += this.#pieces.join("");
    this.#pieces = [];
  }

  get value(): string {
    return this.#joined + this.#pieces.join("");
  }
}
