import { aborted } from "./aborted.js";
import type { Clock } from "./clock.js";

/**
 * Waits; rejects with `aborted` as soon as the signal fires. Keeps the process alive meanwhile, unless nobody waits
 * for it (`hold: false`).
 */
export function pause(ms: number, clock: Clock, signal?: AbortSignal | undefined, hold = true): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal));
    const onAbort = () => {
      timer.clear();
      if (signal !== undefined) reject(aborted(signal));
    };
    // No socket is open meanwhile: without hold, a script that awaits the call would end here.
    const timer = clock.after(
      ms,
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      { hold },
    );
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
