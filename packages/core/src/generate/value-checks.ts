/** What is wrong with a value, as the rest of a sentence that its name begins; undefined: nothing. Never shows a text. */
export type Check = (value: unknown) => string | undefined;

const UNBOUNDED = Number.POSITIVE_INFINITY;

/** A number from `least` to `most`, both included. */
export function number(least: number, most = UNBOUNDED): Check {
  const fits = (value: unknown) => Number.isFinite(value) && (value as number) >= least && (value as number) <= most;
  return allow(fits, `a number ${span(least, most)}`);
}

/** A whole number from `least` to `most`, both included. */
export function whole(least: number, most = UNBOUNDED): Check {
  const fits = (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
  return allow(fits, `a whole number ${span(least, most)}`);
}

/** A text that is not empty, of at most `longest` characters. */
export function text(longest = UNBOUNDED): Check {
  const fits = (value: unknown) => typeof value === "string" && value.trim() !== "" && value.length <= longest;
  return allow(fits, longest === UNBOUNDED ? "a text that is not empty" : `a text of 1 to ${longest} characters`);
}

/** A list of texts that are not empty, at most `longest` of them. */
export function texts(longest = UNBOUNDED): Check {
  const one = text();
  const fits = (value: unknown) =>
    Array.isArray(value) && value.length <= longest && value.every((item) => one(item) === undefined);
  return allow(fits, longest === UNBOUNDED ? "a list of texts" : `a list of at most ${longest} texts`);
}

/** A list of functions. */
export const callables: Check = allow(
  (value) => Array.isArray(value) && value.every((item) => typeof item === "function"),
  "a list of functions",
);

/** A list of at least `least` objects. */
export function objects(least = 0): Check {
  const fits = (value: unknown) => Array.isArray(value) && value.length >= least && value.every(isObject);
  return allow(fits, least === 0 ? "a list of objects" : `a list of ${least} or more objects`);
}

/** One of these texts. */
export const oneOf = (...words: readonly string[]): Check =>
  allow((value) => typeof value === "string" && words.includes(value), words.map((word) => `"${word}"`).join(" or "));

export const flag: Check = allow((value) => typeof value === "boolean", "true or false");
export const callable: Check = allow((value) => typeof value === "function", "a function");
export const object: Check = allow(isObject, "an object");
export const anyText: Check = allow((value) => typeof value === "string", "a text");
export const list: Check = allow((value) => Array.isArray(value), "a list");
export const abortSignal: Check = allow(isAbortSignal, "an AbortSignal");
/** Names and values; what is iterated instead, such as `Headers` or a `Map`, would go out as nothing at all. */
export const pairs: Check = allow(
  (value) => isObject(value) && !(Symbol.iterator in (value as object)),
  "a plain object",
);

/** An object whose values all pass. */
export const recordOf =
  (check: Check): Check =>
  (value) => {
    const wrong = object(value);
    if (wrong !== undefined) return wrong;
    for (const [key, item] of Object.entries(value as object)) {
      const inside = item === undefined ? undefined : check(item);
      if (inside !== undefined) return `has "${key.slice(0, 64)}", which ${inside}`;
    }
    return undefined;
  };

/** Whatever passes one of them. */
export const either = (allowed: string, ...checks: readonly Check[]): Check =>
  allow((value) => checks.some((check) => check(value) === undefined), allowed);

/** What fits, and the words for it. */
export function allow(fits: (value: unknown) => boolean, allowed: string): Check {
  return (value) => (fits(value) ? undefined : `is ${shown(value)}; allowed is ${allowed}`);
}

function span(least: number, most: number): string {
  return most === UNBOUNDED ? `of ${least} or more` : `from ${least} to ${most}`;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** By its members: a signal of another realm is one too. */
function isAbortSignal(value: unknown): boolean {
  const { aborted, addEventListener } = (value ?? {}) as Partial<AbortSignal>;
  return typeof aborted === "boolean" && typeof addEventListener === "function";
}

function shown(value: unknown): string {
  if (typeof value === "string") return value === "" ? "an empty text" : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object" && value !== null
    ? "an object"
    : typeof value === "function"
      ? "a function"
      : String(value);
}
