import { abortedWhileWaiting } from "./bounded-wait.js";

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
