import type { RunStore } from "@signalbox/core";
import type { RedisRunStore } from "../runs/redis-run-store.js";

/** Where a run of the store remembers its job. */
const KEY = "job";

/** What is known of a run outside of its executions. */
interface Kept {
  /** Who has leased the run: the queue while its job waits, otherwise the worker that executes it. */
  holder?: string;
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
  if (!(await park(store, runId, waitMs, holder))) return undefined;
  await store.checkpoint(runId, KEY, { holder, input: { value: input } } satisfies Kept, holder);
  return holder;
}

/** What a worker takes over. */
export interface TakenRun {
  /** What the run was enqueued with. */
  input: { value: unknown } | undefined;
  /** An attempt before this one has begun it. */
  isBegun: boolean;
}

/**
 * Takes a run over for `holder`, from the queue or from a worker that is gone: BullMQ hands a job to one worker, and
 * what another one writes from here on is refused. Undefined where somebody else than a worker executes the run.
 */
export async function takeFromQueue(
  store: RunStore,
  runId: string,
  ms: number,
  holder: string,
): Promise<TakenRun | undefined> {
  const { [KEY]: kept, ...made } = (await store.load(runId)) ?? {};
  const { holder: before, input } = (kept ?? {}) as Kept;
  // At once, so that nobody comes between who would call the run interrupted.
  const given = before !== undefined && store.lease(runId, 0, before);
  const [, taken] = await Promise.all([given, store.lease(runId, ms, holder)]);
  if (!taken) return undefined;
  const isBegun = Object.keys(made).length > 0;
  await store.checkpoint(runId, KEY, { holder, ...(input === undefined ? {} : { input }) } satisfies Kept, holder);
  return { input, isBegun };
}

/**
 * Keeps a run for the next attempt of its job, in whatever process that will be. A store that renews leases by itself
 * has to be told: it would keep each of these for as long as this process lives.
 */
export function park(store: RunStore, runId: string, waitMs: number, holder: string): Promise<boolean> {
  const { park } = store as Partial<RedisRunStore>;
  return park === undefined ? store.lease(runId, waitMs, holder) : park.call(store, runId, waitMs, holder);
}

/** Forgets what the run was enqueued with, and lets it go. */
export async function letGo(store: RunStore, runId: string, holder: string): Promise<void> {
  await store.checkpoint(runId, KEY, {} satisfies Kept, holder);
  await store.lease(runId, 0, holder);
}
