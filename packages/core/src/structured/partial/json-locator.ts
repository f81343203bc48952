const OPEN_TAG = /^<(think|thinking|thought|reasoning)>$/i;
const LONGEST_TAG = 14;

/**
 * Finds where JSON begins in text that comes in pieces: past a byte order mark, prose, code fences and
 * `<think>…</think>`.
 */
export class JsonLocator {
  readonly #opening: string;
  /** Nothing but space has come yet. */
  #bare = true;
  #tag = "";
  #closing = "";

  /** @param opening - the brackets that a root may begin with */
  constructor(opening: string) {
    this.#opening = opening;
  }

  /** The bracket that was found stands at the very beginning. */
  get atStart(): boolean {
    return this.#bare;
  }

  /** The index of the next opening bracket from `from` on; the text's length where there is none yet. */
  seek(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const character = text.charAt(at);
      if (character === "<") this.#tag = "<";
      else if (this.#tag !== "") this.#readTag(character);
      if (this.#closing === "" && this.#opening.includes(character)) return at;
      this.#bare &&= /[\s\uFEFF]/.test(character);
    }
    return text.length;
  }

  #readTag(character: string): void {
    this.#tag += character;
    if (character !== ">") {
      if (this.#tag.length > LONGEST_TAG || !/[a-z/]/i.test(character)) this.#tag = "";
      return;
    }
    const opened = OPEN_TAG.exec(this.#tag)?.[1];
    if (this.#closing !== "") {
      if (this.#tag.toLowerCase() === this.#closing) this.#closing = "";
    } else if (opened !== undefined) this.#closing = `</${opened.toLowerCase()}>`;
    this.#tag = "";
  }
}
