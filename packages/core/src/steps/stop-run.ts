import { createError } from "../errors/error-classes.js";
import { type Clock, systemClock } from "../http/clock.js";
import { followRun } from "./follow-run.js";
import { closeInterrupted } from "./interrupted-run.js";
import { runNotFound } from "./run-not-found.js";
import { isRunOf } from "./run-state.js";
import type { RunStore } from "./step-types.js";

/** Somebody waits, and not for long: a process that is gone is looked for more often than by who follows. */
const LEASE_CHECK_MS = 500;

/** How long a run is waited for that was asked to stop. */
export interface StopRunOptions {
  /** Aborting it ends the waiting with `aborted`; the run stays asked to stop. */
  signal?: AbortSignal | undefined;
  /** Stops runs of the pipeline of this name only: any other run is `not_found`. */
  pipeline?: string | undefined;
  /** How long its last event is waited for. @default 5_000 */
  timeoutMs?: number | undefined;
  /** Time, for tests. @default the system's */
  clock?: Clock | undefined;
}

/**
 * Asks a run to stop, whichever process executes it, and waits for its end.
 *
 * Shape: true once the run has ended, which one that had ended before is at once; a run whose process is gone is closed
 * as `interrupted`. False where its process has not answered in time: the run stays asked to stop.
 * Units: `timeoutMs` in milliseconds.
 * Throws: `not_found` for an unknown run; `invalid_request` (status 409) where the store has no `cancel` and another
 * process executes the run; `aborted` by the signal; failures of the store.
 */
export async function stopRun(
  store: RunStore,
  runId: string,
  { signal, pipeline, timeoutMs = 5_000, clock = systemClock }: StopRunOptions = {},
): Promise<boolean> {
  const kept = await store.load(runId);
  if (kept === undefined || (pipeline !== undefined && !isRunOf(pipeline, kept))) {
    throw runNotFound(runId);
  }
  const last = (await store.read(runId, 0)).at(-1);
  if (last?.final) return true;
  if (store.cancel === undefined) {
    if ((await closeInterrupted(store, runId, { clock })) !== undefined) return true;
    throw createError("invalid_request", `the run ${runId} is not executed by this process`, { status: 409 });
  }
  await store.cancel(runId);
  const late = new AbortController();
  const timer = clock.after(timeoutMs, () => late.abort(), { hold: true });
  const until = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
  try {
    const rest = followRun(store, runId, last?.seq ?? 0, { signal: until, leaseCheckMs: LEASE_CHECK_MS, clock });
    while (!(await rest.next()).done);
    return true;
  } catch (error) {
    if (late.signal.aborted && signal?.aborted !== true) return false;
    throw error;
  } finally {
    timer.clear();
  }
}
