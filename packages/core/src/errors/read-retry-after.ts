import { asRecord } from "./as-record.js";

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
 * `availability.retry_after` or `retry_after_seconds` of the body, then `X-RateLimit-Reset` (milliseconds or seconds
 * since 1970, or seconds from now), from the headers or from `metadata.headers` of the body. Anything else, and
 * anything past or absurd, is no hint.
 */
export function readRetryAfter({ headers, error, now }: RetryHints): number | undefined {
  const answeredAt = parseDate(headers.date) || now;
  const inBody = headersOfBody(error);
  return (
    wait(number(headers["retry-after-ms"])) ??
    wait(seconds(headers["retry-after"])) ??
    untilDate(headers["retry-after"], answeredAt) ??
    wait(seconds(asRecord(error?.availability)?.retry_after)) ??
    wait(seconds(error?.retry_after_seconds)) ??
    wait(seconds(asRecord(error?.metadata)?.retry_after_seconds)) ??
    untilReset(headers["x-ratelimit-reset"], answeredAt) ??
    wait(seconds(inBody["retry-after"])) ??
    untilReset(inBody["x-ratelimit-reset"], answeredAt)
  );
}

/** How many requests the window holds: `X-RateLimit-Limit`, from the headers or from the body's copy of them. */
export function readRateLimit({ headers, error }: Pick<RetryHints, "headers" | "error">): number | undefined {
  const told = [headers["x-ratelimit-limit"], headersOfBody(error)["x-ratelimit-limit"]];
  return told.map(number).find((limit) => limit >= 1);
}

/** NaN where the value is no plain number. */
function number(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*\d{1,16}(\.\d{1,6})?\s*$/.test(value) ? Number(value) : Number.NaN;
}

function seconds(value: unknown): number {
  return typeof value === "string" && value.includes(".") ? Number.NaN : number(value) * 1000;
}

function wait(ms: number): number | undefined {
  return ms >= 0 && ms <= MAX_HINT_MS ? Math.ceil(ms) : undefined;
}

/** NaN where the value is no date with the name of its day in front. */
function parseDate(value: string | undefined): number {
  return value !== undefined && value.length <= 60 && /^[A-Za-z]{3,9},/.test(value) ? Date.parse(value) : Number.NaN;
}

function untilDate(value: string | undefined, from: number): number | undefined {
  return wait(Math.max(0, parseDate(value) - from));
}

function untilReset(value: unknown, from: number): number | undefined {
  const reset = number(value);
  const at = reset >= 1e12 ? reset : reset >= 1e9 ? reset * 1000 : from + reset * 1000;
  return at > from ? wait(at - from) : undefined;
}

function headersOfBody(error: RetryHints["error"]): Record<string, unknown> {
  const headers = asRecord(asRecord(error?.metadata)?.headers) ?? {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
