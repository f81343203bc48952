import { createError } from "../errors/error-classes.js";

/** What `work` gives, unless `signal` fires first: then this rejects at once with `reason`. */
export function beforeAbort<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  reason: () => unknown = () => abortedWhileWaiting(signal),
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = () => reject(reason());
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

/** The error of a call that its caller ended while it waited. */
export function abortedWhileWaiting(signal: AbortSignal | undefined): Error {
  return createError("aborted", "aborted while waiting for a place", { cause: signal?.reason });
}
