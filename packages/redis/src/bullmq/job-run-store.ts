import type { RunStore, StepEvent, StepFailure } from "@signalbox/core";

export interface JobRunStoreOptions {
  /** Who executes the run, in whatever part of the attempt. */
  holder: string;
  /** True for the last event of an attempt that another one will follow. */
  goesOn: (event: StepEvent) => boolean;
  /** "untold": such an event is not kept at all. */
  repeats: "all" | "untold";
  /** Hears that an event is about to be kept. */
  onTold: () => void;
}

/**
 * The run store of one attempt of a job. All of the attempt is one holder; the lease is given back by the attempt,
 * not by the run; an attempt that BullMQ repeats does not end the run for those who follow it.
 */
export function jobRunStore(store: RunStore, options: JobRunStoreOptions): RunStore {
  const { holder, goesOn, repeats, onTold } = options;
  const own: Partial<RunStore> = {
    async append(runId, event) {
      const isRepeated = event.final === true && goesOn(event);
      if (isRepeated && repeats === "untold") return;
      onTold();
      const { final: _final, ...told } = event;
      await store.append(runId, isRepeated ? told : event, holder);
    },
    checkpoint: (runId, key, data) => store.checkpoint(runId, key, data, holder),
    async lease(runId, ms) {
      return ms === 0 || store.lease(runId, ms, holder);
    },
    async read(runId, afterSeq) {
      const events = await store.read(runId, afterSeq);
      const last = events.at(-1);
      // What ended the attempt before this one was an end: it has been told, and is no trace of a dead process.
      if (last !== undefined && endsAttempt(last)) events[events.length - 1] = { ...last, final: true };
      return events;
    },
  };
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(own, name) ?? Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function endsAttempt({ status, data }: StepEvent): boolean {
  return status === "error" && (data as Partial<StepFailure> | null)?.optional !== true;
}
