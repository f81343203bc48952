import { isPlain } from "./is-plain.js";

/** Deeper than any option of OpenRouter's: below, keys stay as they were written. An object that holds itself ends here. */
const MAX_DEPTH = 32;

/**
 * A copy whose plain objects have their keys in alphabetical order; lists and everything else stay as they are.
 * OpenRouter's response cache compares bodies as text: the order in which an option was written must not count.
 */
export function inKeyOrder(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH || !isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, inKeyOrder(item, depth + 1)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
