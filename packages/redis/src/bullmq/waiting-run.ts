import { InvalidRequestError, type RunStore } from "@signalbox/core";
import type { RedisRunStore } from "../runs/redis-run-store.js";

/** Where a run of the store remembers its job. */
const KEY = "job";
/** Where pipelines and chats keep what they have begun. */
export const START = "run";

/** What is known of a run outside of its executions. */
interface Kept {
  /** Who has leased the run: the queue while its job waits, otherwise the worker that executes it. */
  holder?: string;
  /** The job that the holder executes the run for; any job may have the run while none does. */
  job?: string;
  /** What the run is begun with. */
  input?: { value: unknown };
}

/** Keeps a run whose job waits from being taken for the run of a dead process. Undefined where it is executed. */
export async function holdForQueue(
  store: RunStore,
  runId: string,
  waitMs: number,
  input: unknown,
): Promise<string | undefined> {
  const holder = `queue:${crypto.randomUUID()}`;
  if (!(await hold(store, runId, waitMs, holder))) return undefined;
  await note(store, runId, holder, keptOf({ holder, input: { value: input } }));
  return holder;
}

/** What a worker takes over. */
export interface TakenRun {
  /** What the run was enqueued with. */
  input: { value: unknown } | undefined;
  /** An attempt before this one has begun it. */
  isBegun: boolean;
}

/** Who asks for a run. */
export interface Taker {
  holder: string;
  job: string;
  /** How long the run stays the worker's, in milliseconds. */
  ms: number;
  /** False for what another pipeline, or a chat, has begun. */
  mayGoOn: (start: unknown) => boolean;
}

/**
 * Takes a run over, from the queue or from a worker that is gone: BullMQ hands a job to one worker, and what another
 * one writes from here on is refused. Undefined where it is executed for another job, or by somebody else than a worker.
 *
 * @throws InvalidRequestError `invalid_request` for a run that is not for this worker; it is left alone
 */
export async function takeFromQueue(store: RunStore, runId: string, taker: Taker): Promise<TakenRun | undefined> {
  const { holder, job, ms, mayGoOn } = taker;
  const { [KEY]: kept, [START]: start } = (await store.load(runId)) ?? {};
  if (start !== undefined && !mayGoOn(start)) {
    throw new InvalidRequestError("invalid_request", `the run ${runId} is none of this processor's`);
  }
  const { holder: before, job: executed = job, input } = (kept ?? {}) as Kept;
  // At once, so that nobody comes between who would call the run interrupted.
  const given = before !== undefined && executed === job && store.lease(runId, 0, before);
  const [, taken] = await Promise.all([given, store.lease(runId, ms, holder)]);
  if (!taken) return undefined;
  await note(store, runId, holder, keptOf({ holder, job, input }));
  return { input, isBegun: start !== undefined };
}

/** Keeps a run for the next attempt of its job, in whatever process that will be. */
export async function park(
  store: RunStore,
  runId: string,
  { holder, waitMs, input }: { holder: string; waitMs: number; input: TakenRun["input"] },
): Promise<void> {
  if (!(await hold(store, runId, waitMs, holder))) return;
  await store.checkpoint(runId, KEY, keptOf({ holder, input }), holder);
}

/** Forgets what the run was enqueued with, and lets it go. */
export async function letGo(store: RunStore, runId: string, holder: string): Promise<void> {
  try {
    await store.checkpoint(runId, KEY, {} satisfies Kept, holder);
  } finally {
    await store.lease(runId, 0, holder);
  }
}

/**
 * Leases a run for whoever takes it next. A store that renews leases by itself has to be told: it would keep each of
 * these for as long as this process lives.
 */
function hold(store: RunStore, runId: string, ms: number, holder: string): Promise<boolean> {
  const { park } = store as Partial<RedisRunStore>;
  return park === undefined ? store.lease(runId, ms, holder) : park.call(store, runId, ms, holder);
}

/** Notes who has leased the run; where that cannot be kept nobody could take it over, and it is let go. */
async function note(store: RunStore, runId: string, holder: string, kept: Kept): Promise<void> {
  try {
    await store.checkpoint(runId, KEY, kept, holder);
  } catch (error) {
    await store.lease(runId, 0, holder).catch(() => {
      // It runs out by itself; why it could not be noted counts for more.
    });
    throw error;
  }
}

function keptOf({ holder, job, input }: { holder: string; job?: string; input: TakenRun["input"] }): Kept {
  return { holder, ...(job === undefined ? {} : { job }), ...(input === undefined ? {} : { input }) };
}
