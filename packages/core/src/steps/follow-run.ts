import { type Clock, systemClock, type Timer } from "../http/clock.js";
import { closeInterrupted } from "./interrupted-run.js";
import { runNotFound } from "./run-not-found.js";
import { isRunOf } from "./run-state.js";
import type { RunStore, StepEvent } from "./step-types.js";
import { runAborted } from "./until-aborted.js";

/** How a run is followed. */
export interface FollowRunOptions {
  /** Aborting it ends the iteration with `aborted`; the run itself goes on. */
  signal?: AbortSignal | undefined;
  /** Follows runs of the pipeline of this name only: any other run is `not_found`. */
  pipeline?: string | undefined;
  /** How often a store that cannot notify is asked. @default 250 */
  pollMs?: number | undefined;
  /** After how much silence it is asked whether a process still executes the run. @default 5_000 */
  leaseCheckMs?: number | undefined;
  /** Time, for tests. @default the system's */
  clock?: Clock | undefined;
}

/**
 * Replays a run's events behind `afterSeq` (0 = all) and follows it until its final event, from any process.
 *
 * Shape: each event once, in order. A run that has ended is replayed; one that was resumed since is followed on. A
 * position behind the end of a run that has ended gives nothing.
 * A run whose process is gone ends with a final event, `data.code` "interrupted", once its lease has run out; whoever
 * follows it writes that event. Such a run can be resumed.
 * Units: `pollMs`, `leaseCheckMs` in milliseconds.
 * Throws: `not_found` for an unknown run, `aborted` by the signal, failures of the store.
 * Cancels: leaving the loop takes the subscription and the timer back; the run goes on.
 */
export async function* followRun(
  store: RunStore,
  runId: string,
  afterSeq = 0,
  { signal, pipeline, pollMs = 250, leaseCheckMs = 5_000, clock = systemClock }: FollowRunOptions = {},
): AsyncGenerator<StepEvent, void, void> {
  const bell = new Bell();
  const unsubscribe = store.subscribe?.(runId, () => bell.ring());
  const onAbort = () => bell.ring();
  signal?.addEventListener("abort", onAbort, { once: true });
  let timer: Timer | undefined;
  // The event that was seen last tells whether the run had ended with it.
  let seen = Math.max(0, afterSeq - 1);
  // The log tells nothing about who writes it: the first silence is asked about at once.
  let askAt = clock.now();
  let caughtUp = false;
  try {
    const kept = await store.load(runId);
    if (kept === undefined || (pipeline !== undefined && !isRunOf(pipeline, kept))) {
      throw runNotFound(runId);
    }
    // Nothing there: the position is behind the end, and only what lies before it can tell whether more will come.
    if (seen > 0 && (await store.read(runId, seen)).length === 0) seen = 0;
    for (;;) {
      if (signal?.aborted) throw runAborted(signal);
      const rung = bell.next();
      const events = await store.read(runId, seen);
      if (caughtUp && events.length > 0) askAt = clock.now() + leaseCheckMs;
      for (const event of events) {
        seen = event.seq;
        if (event.seq > afterSeq) yield event;
        if (signal?.aborted) throw runAborted(signal);
      }
      if (events.at(-1)?.final) return;
      caughtUp = true;
      if (clock.now() >= askAt) {
        askAt = clock.now() + leaseCheckMs;
        if ((await closeInterrupted(store, runId, { clock })) !== undefined) continue;
      }
      const silence = askAt - clock.now();
      timer = clock.after(unsubscribe === undefined ? Math.min(pollMs, silence) : silence, () => bell.ring(), {
        hold: true,
      });
      await rung;
      timer.clear();
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
