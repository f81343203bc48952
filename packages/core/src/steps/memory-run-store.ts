import { type Clock, systemClock } from "../http/clock.js";
import type { RunStore, StepEvent } from "./step-types.js";

interface Kept {
  events: { seq: number; json: string }[];
  checkpoints: Map<string, string>;
}

interface Lease {
  holder: string | undefined;
  until: number;
}

/** How much `memoryRunStore` keeps. */
export interface MemoryRunStoreOptions {
  /** Beyond so many runs the one that was written least recently is forgotten, unless it is running. @default 1_000 */
  maxRuns?: number | undefined;
  /** Time, for tests. @default the system's */
  clock?: Clock | undefined;
}

/**
 * Keeps runs in this process, as JSON: what comes back is what any other store would give back.
 */
export function memoryRunStore({ maxRuns = 1_000, clock = systemClock }: MemoryRunStoreOptions = {}): RunStore {
  const runs = new Map<string, Kept>();
  // Apart from the runs: whoever asks for one that does not exist must not push out one that does.
  const leases = new Map<string, Lease>();
  const listeners = new Map<string, Set<() => void>>();

  const dropOldLeases = () => {
    for (const [id, { until }] of leases) if (until <= clock.now()) leases.delete(id);
  };
  const touch = (runId: string): Kept => {
    const run = runs.get(runId) ?? { events: [], checkpoints: new Map<string, string>() };
    runs.delete(runId);
    runs.set(runId, run);
    if (runs.size > maxRuns) dropOldLeases();
    for (const id of runs.keys()) {
      if (runs.size <= maxRuns) break;
      if (id !== runId && !leases.has(id)) runs.delete(id);
    }
    return run;
  };

  return {
    async append(runId, event) {
      touch(runId).events.push({ seq: event.seq, json: JSON.stringify(event) });
      for (const listener of listeners.get(runId) ?? []) listener();
    },
    async read(runId, afterSeq) {
      const events = runs.get(runId)?.events.filter(({ seq }) => seq > afterSeq) ?? [];
      return events.map(({ json }) => JSON.parse(json) as StepEvent);
    },
    async checkpoint(runId, key, data) {
      touch(runId).checkpoints.set(key, JSON.stringify(data) ?? "null");
    },
    async load(runId) {
      const run = runs.get(runId);
      if (run === undefined) return undefined;
      return Object.fromEntries([...run.checkpoints].map(([key, data]) => [key, JSON.parse(data) as unknown]));
    },
    async lease(runId, ms, holder) {
      dropOldLeases();
      const lease = leases.get(runId);
      if (lease !== undefined && lease.holder !== holder) return false;
      if (ms > 0) leases.set(runId, { holder, until: clock.now() + ms });
      else leases.delete(runId);
      return true;
    },
    subscribe(runId, listener) {
      const heard = listeners.get(runId) ?? new Set();
      listeners.set(runId, heard.add(listener));
      return () => {
        heard.delete(listener);
        if (heard.size === 0) listeners.delete(runId);
      };
    },
  };
}
