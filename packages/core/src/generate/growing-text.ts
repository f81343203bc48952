const FLATTENED_AT = 64;

/**
 * A text that comes in pieces. A string that grows by appending is a tree of all its pieces until somebody looks into
 * it: several times its size, for as long as the stream runs. Looking in from time to time makes it flat.
 */
export class GrowingText {
  length = 0;
  #flat = "";
  #tail = "";
  #pieces = 0;

  add(piece: string): void {
    this.length += piece.length;
    this.#tail += piece;
    this.#pieces += 1;
    if (this.#pieces < FLATTENED_AT) return;
    this.#tail.charCodeAt(0);
    this.#flat += this.#tail;
    this.#tail = "";
    this.#pieces = 0;
  }

  get value(): string {
    return this.#flat + this.#tail;
  }
}
