import { type Check, object } from "./value-checks.js";

const MOST_PAIRS = 16;
const LONGEST_KEY = 64;
const LONGEST_VALUE = 512;

/** What is wrong with request metadata, by the limits of OpenRouter's `metadata`. */
export const metadataLimits: Check = (metadata) => {
  const wrong = object(metadata);
  if (wrong !== undefined) return wrong;
  const pairs = Object.entries(metadata as object).filter(([, value]) => value !== undefined);
  if (pairs.length > MOST_PAIRS) return `has ${pairs.length} pairs; allowed are at most ${MOST_PAIRS}`;
  for (const [key, value] of pairs) {
    if (key === "" || key.length > LONGEST_KEY)
      return `has a key of ${key.length} characters; allowed are 1 to ${LONGEST_KEY}`;
    if (typeof value !== "string") return `has "${key}", which is no text`;
    if (value.length > LONGEST_VALUE)
      return `has "${key}", a text of ${value.length} characters; allowed are at most ${LONGEST_VALUE}`;
  }
  return undefined;
};
