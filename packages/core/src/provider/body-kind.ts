/** What a body turns out to be, whatever its content type says. */
export type BodyKind = "json" | "page" | "events";

const BRACE = 123;
const LESS_THAN = 60;

/**
 * Judges a body by its first byte that is no blank: content types are wrong too often, and blanks in front are
 * OpenRouter's keep-alives. Undefined while there is nothing else. What is neither JSON nor HTML counts as events.
 */
export function bodyKind(pieces: readonly Uint8Array[]): BodyKind | undefined {
  for (const piece of pieces) {
    for (const byte of piece) {
      if (isBlank(byte) || isMark(byte)) continue;
      return byte === BRACE ? "json" : byte === LESS_THAN ? "page" : "events";
    }
  }
  return undefined;
}

/** Whether the bytes are blanks only. */
export function isBlankPiece(piece: Uint8Array): boolean {
  return piece.every(isBlank);
}

function isBlank(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

// The bytes of a byte order mark, which may come in pieces.
function isMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}
