import { asRecord } from "./read-error-text.js";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Longer hints are taken for nonsense. */
const MAX_HINT_MS = 32 * DAY_MS;

/** Where a hint on when to come back may stand. */
export interface RetryHints {
  headers: Readonly<Record<string, string>>;
  /** The error object of the body. */
  error?: Readonly<Record<string, unknown>> | undefined;
  /** Wall-clock milliseconds; the answer's `Date` header wins, so that a wrong local clock does no harm. */
  now: number;
}

/**
 * How long upstream asks to wait, in milliseconds: `retry-after-ms`, `Retry-After` in whole seconds or as a date,
 * `availability.retry_after`, then `X-RateLimit-Reset` (milliseconds or seconds since 1970, or seconds from now), from
 * the headers or from `metadata.headers` of the body. Anything else, and anything past or absurd, is no hint.
 */
export function readRetryAfter({ headers, error, now }: RetryHints): number | undefined {
  const answeredAt = parseDate(headers.date) ?? now;
  const availability = asRecord(error?.availability);
  const metadataHeaders = lowerCased(asRecord(asRecord(error?.metadata)?.headers));
  return (
    wait(number(headers["retry-after-ms"])) ??
    wait(seconds(headers["retry-after"])) ??
    untilDate(headers["retry-after"], answeredAt) ??
    wait(seconds(availability?.retry_after)) ??
    untilReset(headers["x-ratelimit-reset"], answeredAt) ??
    wait(seconds(metadataHeaders["retry-after"])) ??
    untilReset(metadataHeaders["x-ratelimit-reset"], answeredAt)
  );
}

/** How many requests the window holds: `X-RateLimit-Limit`, from the headers or from the body's copy of them. */
export function readRateLimit({ headers, error }: Pick<RetryHints, "headers" | "error">): number | undefined {
  const inBody = lowerCased(asRecord(asRecord(error?.metadata)?.headers));
  const limit = number(headers["x-ratelimit-limit"]) ?? number(inBody["x-ratelimit-limit"]);
  return limit !== undefined && limit >= 1 ? limit : undefined;
}

function number(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*\d{1,16}(\.\d{1,6})?\s*$/.test(value) ? Number(value) : undefined;
}

function seconds(value: unknown): number | undefined {
  const amount = typeof value === "string" && value.includes(".") ? undefined : number(value);
  return amount === undefined ? undefined : amount * 1000;
}

function wait(ms: number | undefined): number | undefined {
  return ms !== undefined && ms >= 0 && ms <= MAX_HINT_MS ? Math.ceil(ms) : undefined;
}

function parseDate(value: string | undefined): number | undefined {
  if (value === undefined || value.length > 60 || !/^[A-Za-z]{3,9},/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

function untilDate(value: string | undefined, from: number): number | undefined {
  const time = parseDate(value);
  return time === undefined ? undefined : wait(Math.max(0, time - from));
}

function untilReset(value: unknown, from: number): number | undefined {
  const reset = number(value);
  if (reset === undefined || reset <= 0) return undefined;
  const at = reset > 1e12 ? reset : reset > 1e9 ? reset * 1000 : from + reset * 1000;
  return at > from ? wait(at - from) : undefined;
}

function lowerCased(record: Record<string, unknown> | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
