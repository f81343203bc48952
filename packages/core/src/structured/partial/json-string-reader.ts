const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Reads one JSON string that comes in pieces. `value` is what is certain so far: an unfinished escape and a high
 * surrogate without its partner are held back. Raw line breaks are taken as they are: models write them.
 */
export class JsonStringReader {
  value = "";
  closed = false;
  /** An escape that JSON does not have. */
  broken = false;
  #escape = "";
  #high = "";

  /** Reads from `from` on; returns the index after the last character that belongs to the string. */
  read(text: string, from: number): number {
    let run = from;
    let at = from;
    while (at < text.length) {
      if (this.#escape !== "") {
        this.#readEscape(text.charAt(at));
        at++;
        if (this.broken) return at;
        run = at;
        continue;
      }
      const code = text.charCodeAt(at);
      if (code === 34 || code === 92) {
        if (at > run) this.#take(text.slice(run, at));
        at++;
        run = at;
        if (code === 34) {
          this.value += this.#high;
          this.closed = true;
          return at;
        }
        this.#escape = "\\";
        continue;
      }
      at++;
    }
    if (at > run) this.#take(text.slice(run, at));
    return at;
  }

  #readEscape(character: string): void {
    this.#escape += character;
    if (this.#escape.length === 2) {
      if (character === "u") return;
      const plain = ESCAPES[character];
      if (plain === undefined) this.broken = true;
      else this.#take(plain);
    } else {
      if (!/[0-9a-fA-F]/.test(character)) this.broken = true;
      if (this.#escape.length < 6) return;
      this.#take(String.fromCharCode(Number.parseInt(this.#escape.slice(2), 16)));
    }
    this.#escape = "";
  }

  #take(piece: string): void {
    const last = piece.charCodeAt(piece.length - 1);
    const held = this.#high;
    if (last >= 0xd800 && last <= 0xdbff) {
      this.#high = piece.charAt(piece.length - 1);
      this.value += held + piece.slice(0, -1);
    } else {
      this.#high = "";
      this.value += held + piece;
    }
  }
}
