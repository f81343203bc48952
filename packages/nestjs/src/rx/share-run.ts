import { AbortedError } from "@signalbox/core";
import {
  asyncScheduler,
  type MonoTypeOperatorFunction,
  Observable,
  ReplaySubject,
  type SchedulerLike,
  type Subscription,
} from "rxjs";
import { startJoint } from "./joint-run.js";

/** How long a shared run waits for viewers. */
export interface ShareRunOptions {
  /** How long a run goes on that nobody watches, in milliseconds; `Infinity` = to its end. @default 0 */
  graceMs?: number | undefined;
  /** Time, for tests. @default rxjs' own */
  scheduler?: SchedulerLike | undefined;
}

/**
 * One run for many viewers: the first subscription starts it, everybody sees everything from its first value on, also
 * those who come late or after its end.
 *
 * Shape: the source is subscribed to once, ever: one call, one bill. All values are kept as long as the Observable is.
 * An Observable of `LLMService` made in an HTTP request goes on when that is over, charged to whom it was made for.
 * Errors: the run's own reach every viewer, through `error`.
 * Cancels: when the last viewer has left, and nobody came within `graceMs`, the run is aborted; whoever comes after
 * that gets what there was and an `aborted` error.
 */
export function shareRun<T>({
  graceMs = 0,
  scheduler = asyncScheduler,
}: ShareRunOptions = {}): MonoTypeOperatorFunction<T> {
  return (source) => {
    const told = new ReplaySubject<T>();
    let run: Subscription | undefined;
    let begun = false;
    let viewers = 0;
    let patience: Subscription | undefined;
    const stop = () => {
      run?.unsubscribe();
      told.error(new AbortedError("aborted", "the run was stopped: nobody watched it any more"));
    };
    const leave = () => {
      viewers -= 1;
      if (viewers > 0 || run?.closed !== false) return;
      if (graceMs <= 0) stop();
      else if (Number.isFinite(graceMs)) patience = scheduler.schedule(stop, graceMs);
    };

    return new Observable((subscriber) => {
      viewers += 1;
      patience?.unsubscribe();
      subscriber.add(told.subscribe(subscriber));
      if (!begun) {
        // Whoever comes while the source tells its first values is not the first.
        begun = true;
        run = startJoint(() => source.subscribe(told));
      }
      // A run that told everything at once is over by now, and so is this viewer.
      subscriber.add(leave);
    });
  };
}
