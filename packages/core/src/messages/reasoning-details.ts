type Detail = Record<string, unknown>;

/**
 * Joins streamed `reasoning_details` into the list that goes back with the next turn: pieces of the same kind,
 * index and id are concatenated, the last signature wins, kinds this version does not name are kept.
 */
export class ReasoningDetails {
  readonly #details: Detail[] = [];
  #seen = false;

  /** Undefined until any list, even an empty one, was sent. */
  get list(): unknown[] | undefined {
    return this.#seen ? this.#details : undefined;
  }

  add(pieces: readonly unknown[]): void {
    this.#seen = true;
    for (const piece of pieces) {
      if (typeof piece !== "object" || piece === null) continue;
      this.#join(piece as Detail);
    }
  }

  #join(piece: Detail): void {
    const last = this.#lastLike(piece);
    if (last === undefined || startsAnew(last, piece)) {
      this.#details.push({ ...piece });
      return;
    }
    for (const key of Object.keys(piece)) {
      const value = piece[key];
      const before = last[key];
      const isContent = key === "text" || key === "summary" || key === "data";
      if (isContent && typeof before === "string" && typeof value === "string") last[key] = before + value;
      else if ((value !== null && value !== undefined) || !(key in last)) last[key] = value;
    }
  }

  /** The latest of the same kind and index: nearly always the very last. */
  #lastLike({ type, index }: Detail): Detail | undefined {
    for (let at = this.#details.length - 1; at >= 0; at -= 1) {
      const detail = this.#details[at] as Detail;
      if (detail.type === type && detail.index === index) return detail;
    }
    return undefined;
  }
}

function startsAnew(last: Detail, piece: Detail): boolean {
  return typeof last.id === "string" && typeof piece.id === "string" && last.id !== piece.id;
}

/** The readable thoughts of a list of details: texts and summaries. */
export function reasoningText(details: readonly unknown[]): string {
  let text = "";
  for (const detail of details) {
    const { text: thought, summary } = (detail ?? {}) as Detail;
    if (typeof thought === "string") text += thought;
    else if (typeof summary === "string") text += summary;
  }
  return text;
}
