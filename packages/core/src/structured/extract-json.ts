import { PartialJsonParser } from "./partial/partial-json-parser.js";

/** What a text holds in the way of JSON. */
export interface Extraction {
  /** Every whole object and array, objects first, in the order they stand. */
  values: unknown[];
  /** The text ends inside an object or array. */
  cut: boolean;
  /** Something began as an object and went on as no JSON. */
  broken: boolean;
}

const MOST_VALUES = 16;
const LONE_THOUGHT_END = /<\/(?:think|thinking|thought|reasoning)>/gi;
/** Escapes that could spell `__proto__`. */
const ESCAPED_LETTER = /\\u00[567][0-9a-f]/i;

/**
 * Finds whole objects and arrays in what a model wrote: past a byte order mark, thoughts in tags, code fences and
 * prose. An unfinished object is never completed, and nothing is taken from inside one.
 */
export function findJson(text: string): Extraction {
  const whole = parseWhole(text.trim());
  if (whole !== undefined) return { values: [whole], cut: false, broken: false };
  const answer = afterThoughts(text);
  if (answer !== undefined) {
    const found = scan(answer);
    if (found.values.length > 0) return found;
  }
  return scan(text);
}

/** The first whole object, else the first whole array, in what a model wrote; undefined where there is none. */
export function extractJson(text: string): unknown {
  return findJson(text).values[0];
}

function parseWhole(text: string): unknown {
  const last = text.at(-1);
  if (last !== "}" && last !== "]") return undefined;
  try {
    const risky = text.includes("__proto__") || ESCAPED_LETTER.test(text);
    const value: unknown = risky ? JSON.parse(text, withoutProto) : JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // Not JSON as a whole; it may still hold some.
    return undefined;
  }
}

function withoutProto(key: string, value: unknown): unknown {
  return key === "__proto__" ? undefined : value;
}

/** Some templates put the opening tag into the prompt: then only the closing one is in the answer. */
function afterThoughts(text: string): string | undefined {
  if (/<(?:think|thinking|thought|reasoning)>/i.test(text)) return undefined;
  const end = [...text.matchAll(LONE_THOUGHT_END)].at(-1);
  return end === undefined ? undefined : text.slice(end.index + end[0].length);
}

function scan(text: string): Extraction {
  const values: unknown[] = [];
  let rest = text;
  while (values.length < MOST_VALUES) {
    const parser = new PartialJsonParser();
    rest = rest.slice(parser.feed(rest));
    if (!parser.done)
      return { values: objectsFirst(values), cut: parser.started && !parser.broken, broken: parser.broken };
    values.push(parser.snapshot());
  }
  return { values: objectsFirst(values), cut: false, broken: false };
}

/** What is asked for always has an object at its root; an array in front of it is a footnote or a checkbox. */
function objectsFirst(values: readonly unknown[]): unknown[] {
  return [...values.filter((value) => !Array.isArray(value)), ...values.filter((value) => Array.isArray(value))];
}
