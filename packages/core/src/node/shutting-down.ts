import { AbortedError } from "../errors/error-classes.js";

/** Another process has taken over by then, or this one has started again. */
const RETRY_AFTER_MS = 1_000;

/**
 * What callers are told while a server shuts down: an AbortedError (`aborted`) with status 503, retryable after a
 * second.
 *
 * @param cause - what has failed by it
 */
export function shuttingDown(cause?: unknown): AbortedError {
  return new AbortedError("aborted", "the server is shutting down", {
    status: 503,
    retryable: true,
    retryAfterMs: RETRY_AFTER_MS,
    cause,
  });
}

/** What to tell a caller whose call a shutdown has ended, by an abort or by a client that was closed; else undefined. */
export function shutdownOf(error: unknown): AbortedError | undefined {
  if (!AbortedError.is(error)) return undefined;
  const { cause } = error;
  if (AbortedError.is(cause) && cause.status === 503) return cause;
  return error.detail === "the client was closed" ? shuttingDown(error) : undefined;
}
