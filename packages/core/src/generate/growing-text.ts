const JOINED_AT = 64;

/**
 * A text that comes in pieces. Appended one by one they would all be kept, each with a node of a tree, until somebody
 * reads the text: several times its size, for as long as the stream runs.
 */
export class GrowingText {
  length = 0;
  #joined = "";
  #pieces: string[] = [];

  add(piece: string): void {
    this.length += piece.length;
    this.#pieces.push(piece);
    if (this.#pieces.length === JOINED_AT) this.#join();
  }

  get value(): string {
    this.#join();
    return this.#joined;
  }

  #join(): void {
    this.#joined += this.#pieces.join("");
    this.#pieces = [];
  }
}
