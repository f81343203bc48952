import { AbortedError } from "@signalbox/core";

/** Another process has taken over by then, or this one has started again. */
const RETRY_AFTER_MS = 1_000;

/** What callers are told while the application shuts down: 503, come again. */
export function shuttingDown(cause?: unknown): AbortedError {
  return new AbortedError("aborted", "the server is shutting down", {
    status: 503,
    retryable: true,
    retryAfterMs: RETRY_AFTER_MS,
    cause,
  });
}

/** The shutdown that has ended a call, by an abort or by a client that is closed; undefined where none has. */
export function shutdownOf(error: unknown): AbortedError | undefined {
  if (!AbortedError.is(error)) return undefined;
  const { cause } = error;
  if (AbortedError.is(cause) && cause.status === 503) return cause;
  return error.detail === "the client was closed" ? shuttingDown(error) : undefined;
}
