import fc from "fast-check";
import { type PartialJsonOptions, PartialJsonParser } from "../src/structured/partial/partial-json-parser.js";

/** Every snapshot after each of the pieces. */
export function snapshots(pieces: readonly string[], options?: PartialJsonOptions): unknown[] {
  const parser = new PartialJsonParser(options);
  return pieces.map((piece) => {
    parser.feed(piece);
    return parser.snapshot();
  });
}
/** What there is after all pieces. */
export const last = (...pieces: string[]) => snapshots(pieces).at(-1);
export const byCharacter = (text: string) => snapshots(Array.from({ length: text.length }, (_, i) => text.charAt(i)));

/** Cuts a text at the given places, in code units. */
export function cut(text: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...at, text.length].map((end, index) => text.slice(at[index - 1] ?? 0, end));
}

/** Where to cut a text. */
export const places = fc.array(fc.nat(), { maxLength: 30 });
