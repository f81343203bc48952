import { ConfigurationError, type LLM, type RunStore, type ScopeOptions } from "@signalbox/core";
import { type AttemptSettings, JobAttempt } from "./job-attempt.js";
import { jobRunId } from "./job-run-id.js";
import type { JobSignal, RunJob, RunJobResult } from "./queue-shapes.js";

/** Whose calls jobs make, and where their runs are kept. */
export interface RunProcessorOptions {
  /** What runs ask. */
  llm: LLM;
  /** Where runs are kept, for every process that follows or stops them. */
  store: RunStore;
  /** Whom the calls of a job are charged to, with which key: look it up by what the job carries, never in the job. */
  scope?: ((job: RunJob) => ScopeOptions | Promise<ScopeOptions>) | undefined;
  /**
   * How long a run stays its worker's without a sign of life, in milliseconds. Longer than BullMQ takes to notice a
   * dead worker, those who follow see the run go on; otherwise they are told `interrupted` first. @default 120_000
   */
  leaseMs?: number | undefined;
  /** How long a job may wait for its next attempt before its run counts as given up, in milliseconds. @default 86_400_000 */
  waitMs?: number | undefined;
  /** The job returns the run's last result as well, which BullMQ keeps as long as the job. @default false */
  keepResult?: boolean | undefined;
  /** Hears what steps threw, what kept a run from its end, and progress that could not be told. */
  onError?: ((error: unknown, run: { runId: string; jobId: string | undefined; step?: string }) => void) | undefined;
}

/** A processor for a BullMQ worker. */
export interface RunProcessor {
  (job: RunJob, token?: string | undefined, signal?: JobSignal | undefined): Promise<RunJobResult>;
  /**
   * Takes no further job, gives the runs under way `graceMs` (5,000 by default), then stops their calls and puts
   * their jobs back without counting an attempt, for another worker to go on. Call it beside the worker's `close()`.
   * What could not be put back 5 s later, as BullMQ's Redis is away, comes back when BullMQ finds that it has stalled.
   */
  close(options?: { graceMs?: number | undefined }): Promise<void>;
}

/** How long jobs may take to be put back: where BullMQ's Redis is away they cannot be, and stall instead. */
const PUT_BACK_MS = 5_000;

const OPTIONS = ["llm", "store", "scope", "leaseMs", "waitMs", "keepResult", "onError"];

/** A listener that throws, now or later, must not end the run. */
function callListener(listener: () => unknown): void {
  const called = async () => listener();
  called().catch((fault: unknown) => {
    process.emitWarning(`onError of a job processor failed: ${fault instanceof Error ? fault.name : typeof fault}`);
  });
}

/** @param own - names of the options that only this processor has */
export function runProcessor(
  where: string,
  options: RunProcessorOptions,
  own: readonly string[],
  {
    execute,
    ...kind
  }: Pick<AttemptSettings, "repeats" | "mayGoOn"> & {
    execute: (job: RunJob) => AttemptSettings["execute"];
  },
): RunProcessor {
  checkOptions(where, options, [...OPTIONS, ...own]);
  const { llm, store, scope, leaseMs = 120_000, waitMs = 86_400_000, keepResult = false, onError } = options;
  const attempts = new Map<JobAttempt, Promise<unknown>>();
  let closing: Promise<void> | undefined;

  // No parameter has a default: BullMQ counts them to know whether to give a signal.
  const process = (job: RunJob, token?: string, signal?: JobSignal): Promise<RunJobResult> => {
    const runId = jobRunId(job);
    const onFault = (error: unknown, step?: string) =>
      callListener(() => onError?.(error, { runId, jobId: job.id, ...(step === undefined ? {} : { step }) }));
    const settings = { store, leaseMs, waitMs, keepResult, ...kind, onFault, execute: execute(job) };
    const attempt = new JobAttempt(job, runId, token, settings);
    if (closing !== undefined) attempt.giveUp();
    const work = attempt.work(async () => llm.scope((await scope?.(job)) ?? {}), signal);
    const ended = work.then(
      () => {},
      () => {},
    );
    attempts.set(attempt, ended);
    void ended.then(() => attempts.delete(attempt));
    return work;
  };

  /** Waits for the runs under way, `ms` at most. */
  const over = async (ms: number): Promise<void> => {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, ms);
    await Promise.race([Promise.all(attempts.values()), late.promise]);
    clearTimeout(timer);
  };

  const close = async (graceMs: number): Promise<void> => {
    await over(graceMs);
    for (const attempt of attempts.keys()) attempt.giveUp();
    await over(PUT_BACK_MS);
  };

  return Object.assign(process, {
    close({ graceMs = 5_000 }: { graceMs?: number | undefined } = {}) {
      closing ??= close(graceMs);
      return closing;
    },
  });
}

function checkOptions(where: string, options: RunProcessorOptions, known: readonly string[]): void {
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  const mistakes = [
    ...(unknown.length > 0 ? [`unknown options of ${where}: ${unknown.join(", ")}`] : []),
    ...(typeof options.llm?.scope === "function" ? [] : [`${where}: \`llm\` is no client`]),
    ...(typeof options.store?.append === "function" ? [] : [`${where}: \`store\` is no run store`]),
  ];
  if (mistakes.length === 0) return;
  throw new ConfigurationError("invalid_config", mistakes.join("; "), { hint: `Known are: ${known.join(", ")}.` });
}
