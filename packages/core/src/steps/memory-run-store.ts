import { createError } from "../errors/error-classes.js";
import { type Clock, systemClock } from "../http/clock.js";
import type { RunStore, StepEvent } from "./step-types.js";

interface Kept {
  events: { seq: number; json: string }[];
  checkpoints: Map<string, string>;
}

/** Who has a run, or had it last: nobody who had it before may write. */
interface Lease {
  holder: string | undefined;
  until: number;
  isGivenBack: boolean;
  /** Whose lease ran out before another one came, and who have not heard of it. */
  losers: Set<string | undefined>;
}

/** Listeners by run. */
class Listeners {
  readonly #of = new Map<string, Set<() => void>>();

  add(runId: string, listener: () => void): () => void {
    const heard = this.#of.get(runId) ?? new Set();
    this.#of.set(runId, heard.add(listener));
    return () => {
      heard.delete(listener);
      if (heard.size === 0 && this.#of.get(runId) === heard) this.#of.delete(runId);
    };
  }

  tell(runId: string): void {
    for (const listener of [...(this.#of.get(runId) ?? [])]) listener();
  }
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
  const asked = new Set<string>();
  const appended = new Listeners();
  const stopped = new Listeners();

  const isLeased = (lease: Lease | undefined) => lease !== undefined && !lease.isGivenBack && lease.until > clock.now();
  const dropOldLeases = () => {
    for (const [id, lease] of leases) if (!isLeased(lease) && !runs.has(id)) leases.delete(id);
  };
  const touch = (runId: string): Kept => {
    const run = runs.get(runId) ?? { events: [], checkpoints: new Map<string, string>() };
    runs.delete(runId);
    runs.set(runId, run);
    for (const id of runs.keys()) {
      if (runs.size <= maxRuns) break;
      if (id === runId || isLeased(leases.get(id))) continue;
      runs.delete(id);
      leases.delete(id);
    }
    return run;
  };

  const writable = (runId: string, holder: string | undefined): Kept => {
    const owner = leases.get(runId)?.holder;
    if (holder !== undefined && owner !== undefined && owner !== holder) {
      throw conflict(`the run ${runId} was taken over`);
    }
    return touch(runId);
  };

  return {
    async append(runId, event, holder) {
      // Before anything else: what cannot be kept must not make a run.
      const json = JSON.stringify(event);
      const { events } = writable(runId, holder);
      if (event.seq <= (events.at(-1)?.seq ?? 0)) throw conflict(`the run ${runId} has an event ${event.seq} already`);
      events.push({ seq: event.seq, json });
      appended.tell(runId);
    },
    async read(runId, afterSeq) {
      const events = runs.get(runId)?.events.filter(({ seq }) => seq > afterSeq) ?? [];
      return events.map(({ json }) => JSON.parse(json) as StepEvent);
    },
    async checkpoint(runId, key, data, holder) {
      const json = JSON.stringify(data) ?? "null";
      writable(runId, holder).checkpoints.set(key, json);
    },
    async load(runId) {
      const run = runs.get(runId);
      if (run === undefined) return undefined;
      return Object.fromEntries([...run.checkpoints].map(([key, data]) => [key, JSON.parse(data) as unknown]));
    },
    async lease(runId, ms, holder) {
      if (leases.size > 2 * maxRuns) dropOldLeases();
      const before = leases.get(runId);
      const losers = before?.losers ?? new Set<string | undefined>();
      const hasLost = losers.delete(holder);
      if (isLeased(before) && before?.holder !== holder) return false;
      if (ms <= 0) {
        if (before !== undefined && before.holder === holder) before.isGivenBack = true;
        return true;
      }
      // It would renew what another one has had since.
      if (hasLost) return false;
      if (before !== undefined && !before.isGivenBack && before.holder !== holder) losers.add(before.holder);
      // Whoever asked the last execution to stop did not mean this one.
      if (!isLeased(before) && hasEnded(runs.get(runId))) asked.delete(runId);
      leases.set(runId, { holder, until: clock.now() + ms, isGivenBack: false, losers });
      return true;
    },
    async cancel(runId) {
      asked.add(runId);
      // Also runs that never come may be asked for.
      const [oldest] = asked;
      if (oldest !== undefined && asked.size > maxRuns) asked.delete(oldest);
      stopped.tell(runId);
    },
    onCancel(runId, listener) {
      let told = false;
      const tell = () => {
        if (!told) listener();
        told = true;
      };
      const leave = stopped.add(runId, tell);
      if (asked.has(runId)) tell();
      return leave;
    },
    subscribe: (runId, listener) => appended.add(runId, listener),
  };
}

function hasEnded(run: Kept | undefined): boolean {
  const last = run?.events.at(-1);
  return last !== undefined && (JSON.parse(last.json) as StepEvent).final === true;
}

function conflict(what: string): Error {
  return createError("invalid_request", what, { status: 409 });
}
