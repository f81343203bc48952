import { isJsonObject, type JsonValue } from "../json.js";

/** A JSON object or array found inside other text. */
export interface EmbeddedJson {
  value: JsonValue;
  start: number;
  end: number;
}

// Prose full of stray braces must not make the scan quadratic.
const maxFailures = 50;

/** Every outermost JSON object or non-empty array in the text, in order. */
export function findJson(text: string): EmbeddedJson[] {
  const found: EmbeddedJson[] = [];
  let failures = 0;
  for (let at = nextOpening(text, 0); at >= 0 && failures < maxFailures; ) {
    const end = matchingEnd(text, at);
    const value = end < 0 ? undefined : parse(text.slice(at, end));
    if (end < 0 || value === undefined) {
      failures += 1;
      at = nextOpening(text, at + 1);
      continue;
    }
    found.push({ value, start: at, end });
    at = nextOpening(text, end);
  }
  return found;
}

function nextOpening(text: string, from: number): number {
  const opening = /[{[]/g;
  opening.lastIndex = from;
  return opening.exec(text)?.index ?? -1;
}

function matchingEnd(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function parse(text: string): JsonValue | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) || (Array.isArray(value) && value.length > 0) ? value : undefined;
  } catch {
    return undefined;
  }
}
