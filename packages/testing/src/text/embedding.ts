import { createRandom } from "../random/random.js";
import { salientWords } from "./salient-words.js";

/** A unit vector for a text: the normalised sum of one fixed direction per word, so that likeness of words is nearness. */
export function embed(text: string, dimensions: number, model: string): number[] {
  const words = salientWords(text.toLowerCase(), 400);
  const vector = new Float64Array(dimensions);
  for (const word of words.length > 0 ? words : [text]) {
    const random = createRandom("embedding", model, word);
    for (let at = 0; at < dimensions; at += 1) vector[at] = (vector[at] as number) + random.next() - 0.5;
  }
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares) || 1;
  return Array.from(vector, (value) => Math.fround(value / length));
}
