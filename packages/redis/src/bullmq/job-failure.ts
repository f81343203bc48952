import { AbortedError, LLMError } from "@signalbox/core";

/** Fails the job without another attempt; BullMQ knows the error by its name. */
export function unrecoverable(error: unknown): Error {
  const known = error instanceof Error ? error : new Error(String(error));
  const failure = new Error(known.message, { cause: known });
  failure.name = "UnrecoverableError";
  failure.stack = known.stack ?? known.message;
  return failure;
}

/** Tells BullMQ that the job has been put back already. */
export function putBack(): Error {
  const told = new Error("bullmq:movedToDelayed");
  told.name = "DelayedError";
  return told;
}

/**
 * Failures that another attempt cannot mend. What is no LLMError is BullMQ's to repeat, as in any other job; calls that
 * were aborted, but not the run, succeed in another process, and a run that somebody else executes will be free.
 */
export function isHopeless(error: unknown): boolean {
  return LLMError.is(error) && !error.retryable && error.code !== "aborted" && error.status !== 409;
}

/** True for calls that failed as their client was closed: this process is going, and another one is to go on. */
export function isClosing(error: unknown): boolean {
  return AbortedError.is(error) && error.detail === "the client was closed";
}
