import { type GenerateRequest, InvalidRequestError, type RunStore } from "@signalbox/core";
import type { RunQueue } from "./queue-shapes.js";
import { holdForQueue, START } from "./waiting-run.js";

/** Where the run is kept until a worker takes it, and how its job is added. */
export interface EnqueueRunOptions<JobOptions = object> {
  /** The store that workers and followers have. */
  store: RunStore;
  /** @default 128 random bits in hexadecimal */
  runId?: string | undefined;
  /** The name of the job. @default "run" */
  name?: string | undefined;
  /** What the job carries beside the run's id, for `scope` and dashboards: whose it is, never a key or the input. */
  data?: object | undefined;
  /** BullMQ's options of the job (`attempts`, `backoff`, `priority`, `delay`, …); `jobId` is the run's id. */
  job?: JobOptions | undefined;
  /** How long the job may wait before its run counts as given up, in milliseconds. @default 86_400_000 */
  waitMs?: number | undefined;
}

type QueueFor<JobOptions> = RunQueue & {
  add(name: string, data: { runId: string }, options?: JobOptions): Promise<unknown>;
};

/**
 * Adds a job for a run that everybody can follow at once, before a worker has taken it.
 *
 * Shape: `{ runId }`; the job's id is the same. The input is kept in the run log, with its time to live, and not in
 * the job, which BullMQ keeps as long as it is told to. It has to survive JSON.
 * Throws: `invalid_request` (status 409) for a `runId` that exists; failures of the store and of the queue.
 */
export async function enqueueRun<Input, JobOptions extends object>(
  queue: QueueFor<JobOptions>,
  input: Input,
  options: EnqueueRunOptions<JobOptions>,
): Promise<{ runId: string }> {
  return enqueue(queue, input, options);
}

/**
 * Adds a job for one generation; it is followed as a chat, from any process, before a worker has taken it.
 *
 * Shape: `{ runId }`, as `enqueueRun()`. The request has to survive JSON, and is forgotten when the run has ended.
 * Throws: as `enqueueRun()`; `invalid_request` (400) for `headers`, which may be secret, and for what cannot be kept:
 * `signal`, functions, such as those of tools that run here. All of them are the processor's to add, in its `request`.
 */
export async function enqueueGeneration<JobOptions extends object>(
  queue: QueueFor<JobOptions>,
  request: GenerateRequest,
  options: EnqueueRunOptions<JobOptions>,
): Promise<{ runId: string }> {
  const unkept = Object.entries(request).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (name === "headers" || name === "signal") return name;
    return hasFunctions(value) ? `functions of ${name}` : [];
  });
  if (unkept.length > 0) {
    throw new InvalidRequestError("invalid_request", `a job cannot keep: ${unkept.join(", ")}`, {
      hint: "add them in the `request` of generationProcessor()",
    });
  }
  return enqueue(queue, request, options, CHAT);
}

/** What JSON would drop without a word: tools that run here, schemas of a library, conditions. */
function hasFunctions(value: unknown): boolean {
  let found = false;
  JSON.stringify(value, (_key, part: unknown) => {
    found ||= typeof part === "function";
    return part;
  });
  return found;
}

/** How a store tells chats from other runs. */
const CHAT = { kind: "chat", steps: ["chat"] };

async function enqueue<JobOptions extends object>(
  queue: QueueFor<JobOptions>,
  input: unknown,
  { store, runId = randomRunId(), name = "run", data, job, waitMs = 86_400_000 }: EnqueueRunOptions<JobOptions>,
  marker?: object,
): Promise<{ runId: string }> {
  const isNew = (await store.load(runId)) === undefined;
  const holder = isNew ? await holdForQueue(store, runId, waitMs, input) : undefined;
  if (holder === undefined) {
    throw new InvalidRequestError("invalid_request", `the run ${runId} exists already`, { status: 409 });
  }
  try {
    if (marker !== undefined) await store.checkpoint(runId, START, marker, holder);
    await queue.add(name, { ...data, runId }, { ...job, jobId: runId } as JobOptions & { jobId: string });
  } catch (error) {
    // Whoever follows it already is to hear that nobody will execute it.
    await store.lease(runId, 0, holder).catch(() => {
      // It runs out by itself; why the job could not be added counts for more.
    });
    throw error;
  }
  return { runId };
}

function randomRunId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
}
