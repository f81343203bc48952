import { type Clock, systemClock } from "../http/clock.js";
import { RunLease } from "./run-lease.js";
import { runNotFound } from "./run-not-found.js";
import { stepsOfRun } from "./run-state.js";
import { INTERRUPTED } from "./step-failure.js";
import type { RunStore, StepEvent, StepFailure } from "./step-types.js";

/** Long enough to write one event, short enough to stand in nobody's way if this process dies meanwhile. */
const CLOSING_MS = 5_000;

/** How a run without a process is closed. */
export interface CloseInterruptedOptions {
  /** Time, for tests. @default the system's */
  clock?: Clock | undefined;
}

/**
 * Ends the log of a run whose process is gone: nobody has leased it, and its last event is not final.
 *
 * Shape: the final event that was written, exactly one however many processes ask at once: `status` "error", `data` a
 * {@link StepFailure} with `code: "interrupted"`, retryable. Undefined where there is nothing to close: the run is
 * executed, or has ended. The run can be resumed from its last finished step or item.
 * `followRun`, `stopRun` and a resuming `runPipeline` do this by themselves.
 * Throws: `not_found` for an unknown run, failures of the store.
 */
export async function closeInterrupted(
  store: RunStore,
  runId: string,
  { clock = systemClock }: CloseInterruptedOptions = {},
): Promise<StepEvent | undefined> {
  // First of all, and all there is for a run that is executed: the lease. It also decides which of those who ask writes;
  // losing it meanwhile shows as a refused append.
  const lease = await RunLease.tryTake(store, runId, CLOSING_MS, clock, () => {});
  if (lease === undefined) return undefined;
  try {
    const kept = await store.load(runId);
    if (kept === undefined) throw runNotFound(runId);
    const events = await store.read(runId, 0);
    if (events.at(-1)?.final) return undefined;
    const event = interruptedEvent(runId, kept, events, clock);
    await store.append(runId, event, lease.holder);
    return event;
  } finally {
    await lease.release();
  }
}

function interruptedEvent(
  runId: string,
  kept: Record<string, unknown>,
  events: readonly StepEvent[],
  clock: Clock,
): StepEvent {
  const last = events.at(-1);
  const { steps, finished } = stepsOfRun(kept, events);
  const left = steps.slice(steps.indexOf(last?.step ?? "") + 1).find((name) => !finished.includes(name));
  const isOver = last?.status === "completed" || last?.status === "error" || finished.includes(last?.step ?? "");
  const nextStep = last === undefined || isOver ? (left ?? null) : last.step;
  const data: StepFailure = {
    completedSteps: finished,
    nextStep,
    retryable: true,
    code: INTERRUPTED,
    message: "the process that executed the run is gone",
    hint: "resume the run: what is finished is kept",
  };
  return {
    runId,
    seq: (last?.seq ?? 0) + 1,
    step: nextStep ?? last?.step ?? "",
    status: "error",
    data,
    message: "The run was interrupted",
    progress: last?.progress ?? 0,
    timestamp: new Date(clock.date()).toISOString(),
    final: true,
  };
}
