import { createError } from "../errors/error-classes.js";
import { type Clock, systemClock, type Timer } from "../http/clock.js";
import type { RunStore, StepEvent } from "./step-types.js";
import { runAborted } from "./until-aborted.js";

/** How a run is followed. */
export interface FollowRunOptions {
  /** Aborting it ends the iteration with `aborted`; the run itself goes on. */
  signal?: AbortSignal | undefined;
  /** How often a store that cannot notify is asked. @default 250 */
  pollMs?: number | undefined;
  /** Time, for tests. @default the system's */
  clock?: Clock | undefined;
}

/**
 * Replays a run's events behind `afterSeq` (0 = all) and follows it until its final event, from any process.
 *
 * Shape: each event once, in order. A run that has ended is replayed; one that was resumed since is followed on. A
 * position behind the end of a run that has ended gives nothing.
 * A run whose process died gives nothing more until somebody resumes it.
 * Units: `pollMs` in milliseconds.
 * Throws: `not_found` for an unknown run, `aborted` by the signal, failures of the store.
 * Cancels: leaving the loop takes the subscription and the timer back; the run goes on.
 */
export async function* followRun(
  store: RunStore,
  runId: string,
  afterSeq = 0,
  { signal, pollMs = 250, clock = systemClock }: FollowRunOptions = {},
): AsyncGenerator<StepEvent, void, void> {
  const bell = new Bell();
  const unsubscribe = store.subscribe?.(runId, () => bell.ring());
  const onAbort = () => bell.ring();
  signal?.addEventListener("abort", onAbort, { once: true });
  let timer: Timer | undefined;
  // The event that was seen last tells whether the run had ended with it.
  let seen = Math.max(0, afterSeq - 1);
  try {
    if ((await store.load(runId)) === undefined) throw createError("not_found", `run not found: ${runId}`);
    // Nothing there: the position is behind the end, and only what lies before it can tell whether more will come.
    if (seen > 0 && (await store.read(runId, seen)).length === 0) seen = 0;
    for (;;) {
      if (signal?.aborted) throw runAborted(signal);
      const rung = bell.next();
      const events = await store.read(runId, seen);
      for (const event of events) {
        seen = event.seq;
        if (event.seq > afterSeq) yield event;
        if (signal?.aborted) throw runAborted(signal);
      }
      if (events.at(-1)?.final) return;
      if (unsubscribe === undefined) timer = clock.after(pollMs, () => bell.ring(), { hold: true });
      await rung;
    }
  } finally {
    timer?.clear();
    unsubscribe?.();
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Remembers one ring until somebody waits for it. */
class Bell {
  #next = Promise.withResolvers<void>();

  ring(): void {
    this.#next.resolve();
  }

  /** Resolves with the first ring after this call. */
  next(): Promise<void> {
    this.#next = Promise.withResolvers<void>();
    return this.#next.promise;
  }
}
