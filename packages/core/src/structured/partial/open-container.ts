/** Stands for "nothing to show yet". */
export const NOTHING = Symbol("nothing");

/** An array of so many items is copied each time: that costs less than handing on the copy. */
const FREE_ITEMS = 2_048;
/** How many items of a larger one may be copied for each character that was read since the last copy. */
const ITEMS_PER_CHARACTER = 32;
/** Up to so many keys an object is copied as fast as a small array; beyond, a key costs as much as many items. */
const FREE_KEYS = 64;
const KEY_WEIGHT = 32;

/**
 * An array or object that is still open. What is finished is kept in place and handed over when it closes; a view
 * of it is a copy, so that no later text changes it.
 */
export class OpenContainer {
  readonly parent: OpenContainer | undefined;
  readonly content: unknown[] | Record<string, unknown>;
  /** The key whose value is being read, in objects. */
  key: string | undefined;
  #keys = 0;
  #changed = true;
  #view: unknown;
  #viewedChild: unknown = NOTHING;
  #viewedAt = Number.NEGATIVE_INFINITY;

  constructor(parent: OpenContainer | undefined, isArray: boolean) {
    this.parent = parent;
    this.content = isArray ? [] : {};
  }

  get isArray(): boolean {
    return Array.isArray(this.content);
  }

  /** Keeps a finished value. */
  add(value: unknown): void {
    if (Array.isArray(this.content)) this.content.push(value);
    else if (this.key !== undefined && this.key !== "__proto__") {
      this.content[this.key] = value;
      this.#keys++;
    }
    this.key = undefined;
    this.#changed = true;
  }

  /**
   * A copy that nothing will change, with `child` as the value that is still open. The last copy again where nothing
   * differs, and where a new one would cost more than what was read since then is worth: that bounds the work for
   * huge open containers to a constant for each character.
   *
   * @param readSoFar - characters read until now
   * @param always - make a new one even where nothing differs
   */
  view(child: unknown, readSoFar: number, always: boolean): unknown {
    const isFirst = this.#viewedAt === Number.NEGATIVE_INFINITY;
    if (!isFirst && !always && !this.#changed && child === this.#viewedChild) return this.#view;
    if (!isFirst && (readSoFar - this.#viewedAt) * ITEMS_PER_CHARACTER < this.#weight()) return this.#view;
    this.#view = this.#copyWith(child);
    this.#viewedChild = child;
    this.#viewedAt = readSoFar;
    this.#changed = false;
    return this.#view;
  }

  #weight(): number {
    if (Array.isArray(this.content)) return this.content.length > FREE_ITEMS ? this.content.length : 0;
    return this.#keys > FREE_KEYS ? this.#keys * KEY_WEIGHT : 0;
  }

  #copyWith(child: unknown): unknown {
    const { content } = this;
    if (Array.isArray(content)) {
      if (child === NOTHING) return content.slice();
      // Appended for the copy only: a slice of the right size is much cheaper than a slice that grows.
      content.push(child);
      const copy = content.slice();
      content.pop();
      return copy;
    }
    const copy = { ...content };
    if (child !== NOTHING && this.key !== undefined && this.key !== "__proto__") copy[this.key] = child;
    return copy;
  }
}
