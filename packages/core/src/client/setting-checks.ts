import { isApiKey } from "../http/api-key.js";
import { isBaseURL } from "../http/base-url.js";

/** What is wrong with a setting, as one sentence without the value of a key; undefined: nothing. */
export type Mistake = string | undefined;

const show = (value: unknown): string => {
  const isGroup = typeof value === "object" && value !== null;
  const text = typeof value === "string" ? `"${value}"` : isGroup ? "an object" : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

/** The sentence for a value outside of what is allowed. */
export const notAllowed = (name: string, value: unknown, allowed: string) =>
  `${name} is ${show(value)}; allowed: ${allowed}`;

export interface NumberRange {
  min: number;
  max?: number;
  integer?: boolean;
}

export function checkNumber(name: string, value: unknown, { min, max, integer = false }: NumberRange): Mistake {
  const fits =
    typeof value === "number" &&
    Number.isFinite(value) &&
    value >= min &&
    (max === undefined || value <= max) &&
    (!integer || Number.isSafeInteger(value));
  if (value === undefined || fits) return undefined;
  const kind = integer ? "an integer" : "a number";
  return notAllowed(name, value, max === undefined ? `${kind} of ${min} or more` : `${kind} from ${min} to ${max}`);
}

export function checkBoolean(name: string, value: unknown): Mistake {
  return value === undefined || typeof value === "boolean" ? undefined : notAllowed(name, value, "true or false");
}

export function checkOneOf(name: string, value: unknown, allowed: readonly string[]): Mistake {
  return value === undefined || (typeof value === "string" && allowed.includes(value))
    ? undefined
    : notAllowed(name, value, allowed.join(", "));
}

export function checkFunction(name: string, value: unknown): Mistake {
  return value === undefined || typeof value === "function" ? undefined : notAllowed(name, value, "a function");
}

/** A text that may go into a header: no control characters. The value is not shown. */
export function checkHeaderText(name: string, value: unknown): Mistake {
  if (value === undefined) return undefined;
  if (typeof value !== "string") return notAllowed(name, value, "a text");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return /[\u0000-\u001f\u007f]/.test(value)
    ? `${name} has control characters; allowed: a text of one line`
    : undefined;
}

export function checkText(name: string, value: unknown): Mistake {
  return value === undefined || (typeof value === "string" && value.trim() !== "")
    ? undefined
    : notAllowed(name, value, "a text that is not empty");
}

export function checkTexts(name: string, value: unknown): Mistake {
  const fits = Array.isArray(value) && value.every((item) => typeof item === "string");
  return value === undefined || fits ? undefined : notAllowed(name, value, "a list of texts");
}

/** Never shows a value that may hold credentials, nor a query. */
export function checkBaseURL(name: string, value: unknown): Mistake {
  const allowed = "an http or https URL without credentials, query or fragment";
  if (value === undefined) return undefined;
  if (typeof value !== "string") return notAllowed(name, value, allowed);
  if (isBaseURL(value)) return undefined;
  const shown = value.split(/[?#]/, 1)[0] ?? "";
  return value.includes("@") ? `${name} holds credentials; allowed: ${allowed}` : notAllowed(name, shown, allowed);
}

/** A key that can be sent. It is never shown. */
export function checkKey(name: string, value: string): Mistake {
  return isApiKey(value)
    ? undefined
    : `${name} is not a valid API key; allowed: visible ASCII characters without quotes`;
}

/** An object of the caller's own that is called by these methods. */
export function checkMethods(name: string, value: unknown, methods: readonly string[]): Mistake {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null) return notAllowed(name, value, "an object");
  const missing = methods.filter((method) => typeof Reflect.get(value, method) !== "function");
  return missing.length === 0 ? undefined : `${name} is an object without ${missing.map((m) => `\`${m}\``).join(", ")}`;
}
