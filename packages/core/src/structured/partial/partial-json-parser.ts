import { JsonLocator } from "./json-locator.js";
import { JsonStringReader } from "./json-string-reader.js";
import { NOTHING, OpenContainer } from "./open-container.js";

const DEEPEST = 256;
const LITERALS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export interface PartialJsonOptions {
  /** The brackets that a root may begin with. @default "{[" */
  opening?: string | undefined;
  /** How many levels are new in each snapshot, from the root on. @default 1 */
  newLevels?: number | undefined;
}

type State = "seek" | "first" | "value" | "string" | "key" | "colon" | "word" | "next" | "done" | "broken";

/**
 * Reads JSON that arrives in pieces, every character once, and shows what is certain so far.
 *
 * Shape: `feed(text)`, then `snapshot()`. Text before the root (prose, fences, thoughts) is skipped. Unfinished
 * strings show as their beginning; unfinished keys, numbers and literals not at all. A `__proto__` key is dropped.
 * A comma too many and raw line breaks in strings are forgiven; nothing else is, and nothing is made up.
 * Units: at most 256 levels.
 */
export class PartialJsonParser {
  readonly #locator: JsonLocator;
  readonly #newLevels: number;
  #state: State = "seek";
  #root: OpenContainer | undefined;
  #top: OpenContainer | undefined;
  #depth = 0;
  #string = new JsonStringReader();
  #word = "";
  #read = 0;
  /** The root is taken for JSON: it stands first, or a first token followed its bracket. */
  #confirmed = false;
  #keySeen = false;

  constructor({ opening = "{[", newLevels = 1 }: PartialJsonOptions = {}) {
    this.#locator = new JsonLocator(opening);
    this.#newLevels = newLevels;
  }

  /** JSON has begun: from now on there is a snapshot. */
  get started(): boolean {
    return this.#confirmed;
  }

  /** The root is whole; what follows is not looked at. */
  get done(): boolean {
    return this.#state === "done";
  }

  /** It began as JSON and went on as something else. */
  get broken(): boolean {
    return this.#state === "broken";
  }

  /** Reads on; returns how many characters were used: fewer than there are once the root is whole or broken. */
  feed(text: string): number {
    let at = 0;
    while (at < text.length && this.#state !== "done" && this.#state !== "broken") at = this.#step(text, at);
    this.#read += at;
    return at;
  }

  /**
   * What there is so far, or undefined before JSON has begun. Never changes afterwards; unchanged parts are shared
   * with earlier ones. The root is a new one each time, save for the last and for open roots so large that a copy is
   * not worth the few characters since the last.
   */
  snapshot(): unknown {
    if (!this.#confirmed) return undefined;
    if (this.#state === "done") return this.#root?.content;
    let shown: unknown = this.#state === "string" ? this.#string.value : NOTHING;
    let level = this.#depth;
    for (let open = this.#top; open !== undefined; open = open.parent, level--) {
      shown = open.view(shown, this.#read, level <= this.#newLevels);
    }
    return shown;
  }

  #step(text: string, at: number): number {
    switch (this.#state) {
      case "seek":
        return this.#seek(text, at);
      case "string":
      case "key":
        return this.#readString(text, at);
      case "word":
        return this.#readWord(text, at);
      default:
        return this.#readToken(text, at);
    }
  }

  #seek(text: string, at: number): number {
    const found = this.#locator.seek(text, at);
    if (found === text.length) return found;
    this.#open(text.charAt(found) === "[");
    this.#confirmed = this.#locator.atStart;
    return found + 1;
  }

  #readString(text: string, at: number): number {
    const next = this.#string.read(text, at);
    if (this.#string.broken) this.#fail();
    else if (this.#string.closed && this.#state === "string") this.#close(this.#string.value);
    else if (this.#string.closed && this.#top !== undefined) {
      this.#top.key = this.#string.value;
      this.#keySeen = true;
      this.#state = "colon";
    }
    return next;
  }

  #readWord(text: string, at: number): number {
    let end = at;
    while (end < text.length && isWordPart(text.charCodeAt(end))) end++;
    this.#word += text.slice(at, end);
    if (end < text.length) {
      const word = this.#word;
      if (LITERALS.has(word)) this.#close(LITERALS.get(word));
      else if (NUMBER.test(word)) this.#close(Number(word));
      else this.#fail();
    }
    return end;
  }

  /** One character of structure, or the first one of a value. Space is passed over. */
  #readToken(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 10 || code === 13 || code === 9) return at + 1;
    const character = text.charAt(at);
    const inArray = this.#top?.isArray === true;
    const isEnd = character === (inArray ? "]" : "}");
    if (isEnd && (this.#state === "next" || this.#state === "first")) return this.#end(at);
    if (this.#state === "next") {
      if (character !== ",") return this.#fail(at);
      // A comma before the closing bracket is forgiven.
      this.#state = "first";
      return at + 1;
    }
    if (this.#state === "colon") {
      if (character !== ":") return this.#fail(at);
      this.#state = "value";
      return at + 1;
    }
    if (this.#state === "first" && !inArray) {
      if (character !== '"') return this.#fail(at);
      return this.#startString("key", at);
    }
    if (character === '"') return this.#startString("string", at);
    if (character === "{" || character === "[") {
      this.#confirmed = true;
      this.#open(character === "[");
      return at + 1;
    }
    if (!/[-\dtfn]/.test(character)) return this.#fail(at);
    this.#confirmed = true;
    this.#word = "";
    this.#state = "word";
    return at;
  }

  #startString(state: "string" | "key", at: number): number {
    this.#confirmed = true;
    this.#string = new JsonStringReader();
    this.#state = state;
    return at + 1;
  }

  #open(isArray: boolean): void {
    this.#top = new OpenContainer(this.#top, isArray);
    this.#root ??= this.#top;
    this.#depth++;
    this.#state = "first";
    if (this.#depth > DEEPEST) this.#state = "broken";
  }

  #end(at: number): number {
    const closed = this.#top;
    this.#confirmed = true;
    this.#top = closed?.parent;
    this.#depth--;
    if (this.#top === undefined) this.#state = "done";
    else this.#close(closed?.content);
    return at + 1;
  }

  #close(value: unknown): void {
    this.#top?.add(value);
    this.#state = "next";
  }

  /** Not JSON after all. Before the first key that was a bracket in prose, and the search goes on behind it. */
  #fail(at = 0): number {
    if (this.#keySeen) {
      this.#state = "broken";
      return at;
    }
    this.#state = "seek";
    this.#confirmed = false;
    this.#root = undefined;
    this.#top = undefined;
    this.#depth = 0;
    return at;
  }
}

function isWordPart(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 43 ||
    code === 45 ||
    code === 46
  );
}
