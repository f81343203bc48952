import { asRecord } from "./as-record.js";

const MAX_TEXT = 500;
const MAX_DEPTH = 8;
const TEXT_FIELDS = ["message", "error", "detail", "details", "msg", "errors", "title", "reason"] as const;

/** JSON, if `text` is that; undefined otherwise. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The sentence inside what a provider answered, whatever its form: plain text, JSON in text, an object or a list with
 * its text under one of the usual names, a page of HTML. Undefined where there is none.
 */
export function readErrorText(raw: unknown, depth = 0): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof raw === "string") return readString(raw, depth);
  if (Array.isArray(raw)) return readErrorText(raw[0], depth + 1);
  const record = asRecord(raw);
  if (record === undefined) return undefined;
  for (const field of TEXT_FIELDS) {
    const text = Object.hasOwn(record, field) ? readErrorText(record[field], depth + 1) : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

function readString(raw: string, depth: number): string | undefined {
  const text = raw.trim();
  if (text === "") return undefined;
  const first = text[0];
  if (first === "{" || first === "[" || first === '"') {
    const parsed = parseJson(text);
    if (parsed !== undefined) return readErrorText(parsed, depth + 1);
  }
  return first === "<" ? stripTags(text) : shorten(text);
}

/** At most 500 characters on one line. */
export function shorten(text: string): string {
  const line = text
    .slice(0, MAX_TEXT * 4)
    .split(/\s+/)
    .join(" ")
    .trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1)}…` : line;
}

/** The words of a page: no tags, no scripts, no styles, at most 200 characters; its title where it has one. */
export function stripTags(html: string): string | undefined {
  const page = html.slice(0, 20_000);
  const lower = page.toLowerCase();
  const title = between(page, lower, "<title", "</title");
  const source = title ?? page;
  let text = "";
  let at = 0;
  while (at < source.length && text.length < 400) {
    const open = source.indexOf("<", at);
    if (open === -1) {
      text += ` ${source.slice(at)}`;
      break;
    }
    text += ` ${source.slice(at, open)}`;
    const close = source.indexOf(">", open);
    if (close === -1) break;
    const tag = source.slice(open + 1, open + 8).toLowerCase();
    const ending = tag.startsWith("script") ? "</script" : tag.startsWith("style") ? "</style" : undefined;
    const skipped = ending === undefined ? close : source.toLowerCase().indexOf(ending, close);
    if (skipped === -1) break;
    at = skipped === close ? close + 1 : skipped;
  }
  const words = text.split(/\s+/).join(" ").trim().slice(0, 200);
  return words === "" ? undefined : words;
}

function between(page: string, lower: string, opening: string, ending: string): string | undefined {
  const start = lower.indexOf(opening);
  const from = start === -1 ? -1 : page.indexOf(">", start);
  const to = from === -1 ? -1 : lower.indexOf(ending, from);
  return to === -1 ? undefined : page.slice(from + 1, to).trim() || undefined;
}
