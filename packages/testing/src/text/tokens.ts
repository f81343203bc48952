// A stand-in for a tokenizer: Latin words in pieces of at most eight letters with their leading space, digits by
// threes, Han by twos, everything else by the character. Concatenated, the pieces are the text again.
const piece = / ?[\p{Script=Latin}'’]{1,8}| ?\p{N}{1,3}|\p{Script=Han}{1,2}| ?[\p{L}\p{M}]{1,4}|\s+|[\s\S]/gu;

/** Cuts a text into the pieces that the simulator streams and counts as tokens. */
export function tokenize(text: string): string[] {
  return text.match(piece) ?? [];
}

/** Tokens of a text: a deterministic estimate, near one per four Latin letters or two Han characters. */
export function countTokens(text: string): number {
  return tokenize(text).length;
}
