import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";

/** The AbortedError (`aborted`) of a run whose signal has fired. */
export function runAborted(signal: AbortSignal): LLMError {
  return createError("aborted", "the run was aborted", { cause: signal.reason });
}

/** What `work` gives, or an AbortedError as soon as the signal fires, whether or not the work listens to it. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Work that is left behind may fail later; nobody is there to hear it.
  work.catch(() => {});
  if (signal.aborted) throw runAborted(signal);
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(runAborted(signal));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
