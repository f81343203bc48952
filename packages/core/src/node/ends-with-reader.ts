import type { ChatRun, ChatRunEvents } from "../chat-runs/chat-run.js";
import type { StepEvent } from "../steps/step-types.js";
import type { ExecutedRun } from "./executed-run.js";

/** Events of a run of steps that can be given up from outside of their loop. */
export interface AbortableEvents extends AsyncIterable<StepEvent> {
  /** Ends what tells them. */
  abort(reason?: unknown): void;
}

/**
 * The events of a run for a reader that it ends with: aborting them, as `pipeStream` does where the client leaves or
 * somebody else gives the answer, cancels the run.
 */
export function endsWithReader(run: ChatRun): ChatRunEvents;
export function endsWithReader(run: ExecutedRun): AbortableEvents;
export function endsWithReader(run: ChatRun | ExecutedRun): AbortableEvents | ChatRunEvents {
  if (!("kept" in run)) {
    return { [Symbol.asyncIterator]: () => run.events(), abort: (reason) => run.cancel(reason) };
  }
  const { runId, events } = run;
  return {
    runId,
    after: events.after,
    fromStart: () => events.fromStart(),
    [Symbol.asyncIterator]: () => events[Symbol.asyncIterator](),
    abort(reason) {
      run.cancel(reason);
      // Whether or not upstream heeds it.
      events.abort(reason);
    },
  };
}
