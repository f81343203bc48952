import { InvalidRequestError } from "@signalbox/core";
import { type DeckInput, deckInput } from "./deck-input.js";

/**
 * Reads what a deck is to be made from.
 *
 * @throws InvalidRequestError `invalid_request` that names every field that does not fit
 */
export function readDeckInput(body: unknown): DeckInput {
  const read = deckInput.safeParse(body ?? {});
  if (read.success) return read.data;
  const issues = read.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  throw new InvalidRequestError("invalid_request", `the input is not valid: ${issues.join("; ")}`);
}
