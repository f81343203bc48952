import { AbortedError } from "@signalbox/core";
import type { Response } from "express";

/** Another process has taken over by then, or this one has started again. */
const RETRY_AFTER_MS = 1_000;

/** What callers are told while the server shuts down: 503, come again. */
export function shuttingDown(cause?: unknown): AbortedError {
  return new AbortedError("aborted", "the server is shutting down", {
    status: 503,
    retryable: true,
    retryAfterMs: RETRY_AFTER_MS,
    cause,
  });
}

/** What to tell a caller whose call the shutdown has ended, by an abort or by a client that is closed; else undefined. */
export function shutdownOf(error: unknown): AbortedError | undefined {
  if (!AbortedError.is(error)) return undefined;
  const { cause } = error;
  if (AbortedError.is(cause) && cause.status === 503) return cause;
  return error.detail === "the client was closed" ? shuttingDown(error) : undefined;
}

/** Has the caller open another connection for its next request: this one's server goes. */
export function lastOnItsConnection(res: Response): void {
  // HTTP/2 has no such header.
  if (!res.headersSent && res.req.httpVersionMajor < 2) res.setHeader("Connection", "close");
}
