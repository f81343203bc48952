import { createError } from "../errors/error-classes.js";
import type { Logger } from "./client-options.js";
import { redactedFields } from "./redacted-fields.js";

const LEVELS = ["debug", "info", "warn", "error"] as const;

/** How much is worth a line, from everything to failures only. */
export type LogLevel = (typeof LEVELS)[number];

/** How {@link jsonLogger} writes. */
export interface JsonLoggerOptions {
  /** The least that is written. @default "info" */
  level?: LogLevel | undefined;
  /** Takes each line, with its line break. @default `process.stdout.write` */
  write?: ((line: string) => void) | undefined;
  /** On every line, such as the name of the service. */
  fields?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A logger that writes one JSON object a line: `time` (ISO 8601), `level`, `message`, then the fields. What looks like a
 * key, a bearer token or a cookie, by its value or by the name of its field, is `[redacted]`; a field that JSON cannot
 * hold costs no line. It has the methods of its level and above: what is not written is not made, either.
 *
 * Throws: `invalid_config` for an unknown level.
 */
export function jsonLogger({ level = "info", write, fields }: JsonLoggerOptions = {}): Logger {
  const least = LEVELS.indexOf(level);
  if (least === -1) throw createError("invalid_config", `level is one of ${LEVELS.join(", ")}, not "${String(level)}"`);
  const out = write ?? ((line: string) => void process.stdout.write(line));
  const log =
    (of: LogLevel): NonNullable<Logger[LogLevel]> =>
    (message, more) => {
      // First and for good: no field takes the place of what makes a line.
      const line = { time: new Date().toISOString(), level: of, ...redactedFields({ message }) };
      out(`${JSON.stringify({ ...line, ...redactedFields(fields ?? {}), ...redactedFields(more ?? {}), ...line })}\n`);
    };
  return Object.fromEntries(LEVELS.slice(least).map((of) => [of, log(of)])) as Logger;
}
