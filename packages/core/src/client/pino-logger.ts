import type { Logger } from "./client-options.js";

/** What is asked of pino, bunyan and their like: the fields come before the message. */
export interface FieldsFirstLogger {
  /** Each request that has ended, each answer that was metered. */
  debug(fields: object, message: string): void;
  /** Warnings that are worth knowing. */
  info(fields: object, message: string): void;
  /** What went wrong and was mended, or may matter to money. */
  warn(fields: object, message: string): void;
  /** What went wrong and reached no caller. */
  error(fields: object, message: string): void;
}

/** A logger for the client that writes through one of yours whose arguments stand the other way round. */
export function pinoLogger(logger: FieldsFirstLogger): Required<Logger> {
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}
