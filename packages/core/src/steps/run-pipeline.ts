import type { LLM } from "../client/llm.js";
import { createError } from "../errors/error-classes.js";
import { refuseUnknownKeys } from "../generate/known-keys.js";
import { type Clock, systemClock } from "../http/clock.js";
import type { Pipeline } from "./define-pipeline.js";
import { executeRun } from "./execute-run.js";
import { closeInterrupted } from "./interrupted-run.js";
import { memoryRunStore } from "./memory-run-store.js";
import { RunLease } from "./run-lease.js";
import { RunLog } from "./run-log.js";
import { RunState } from "./run-state.js";
import type { RunStore, StepEvent } from "./step-types.js";
import { runAborted } from "./until-aborted.js";

/** How a pipeline is run, and where its results are kept. */
export interface RunPipelineOptions {
  /** What the steps ask; its calls are metered per step and aborted with the run. */
  llm: LLM;
  /** Where the run is kept. @default in memory, for this run alone */
  store?: RunStore | undefined;
  /** The id of a new run. @default 128 random bits in hexadecimal */
  runId?: string | undefined;
  /** Goes on with this run of the store, at the step or item that failed. */
  resumeFrom?: string | undefined;
  /** Executes this one step, with the kept results of the steps before it. */
  only?: string | undefined;
  /** Aborting it stops the run; what is finished is kept. */
  signal?: AbortSignal | undefined;
  /**
   * How long the run stays ours without a sign of life: after so long a process that died is noticed, and a store that
   * stays away ends the run. @default 30_000
   */
  leaseMs?: number | undefined;
  /** Time, for tests. @default the system's */
  clock?: Clock | undefined;
}

const OPTIONS = Object.keys({
  llm: true,
  store: true,
  runId: true,
  resumeFrom: true,
  only: true,
  signal: true,
  leaseMs: true,
  clock: true,
} satisfies Record<keyof RunPipelineOptions, true>);

/** A run: iterating it executes the pipeline. */
export interface PipelineRun extends AsyncIterable<StepEvent> {
  /** Known before anything happens. */
  readonly runId: string;
  /** Stops the run; the reader gets `aborted`, the log a final event that says so. */
  abort(reason?: unknown): void;
}

/**
 * Executes a pipeline step by step.
 *
 * Shape: nothing happens until it is iterated, once. Each step gives `started`, any number of `processing` and
 * `completed` with its result; the event that ends the run has `final`. A step begins when its reader asks for more.
 * A step that fails lets the items it has under way come to their end, begins no other, aborts what else it has left
 * running and gives an `error` event with `completedSteps` and `nextStep`, and the iteration ends; when it is
 * `optional` the event says so and the run goes on. Finished steps and items are kept in the store and never asked
 * for again: `resumeFrom` goes on, `seq` goes on counting; `input: undefined` then means the kept one.
 * Units: `progress` 0–100; `leaseMs` in milliseconds; cost in USD.
 * Throws: from the iterator: `aborted`; `invalid_request` for an option that is not known, and (status 409) while the
 * run is executed elsewhere or for a `runId` that exists; `not_found` for an unknown `resumeFrom`; failures of the
 * store. What a step throws stands on its event, publicly worded in `data`, as it was in `cause`.
 * Cancels: leaving the loop, `abort()`, `signal` or the store's `cancel`, from any process, abort the step's calls at
 * once; kept work stays. A run that was asked to stop before it began ends as it begins.
 */
export function runPipeline<Input>(
  pipeline: Pipeline<Input>,
  input: Input | undefined,
  options: RunPipelineOptions,
): PipelineRun {
  return new Run(pipeline, input, options);
}

class Run<Input> implements PipelineRun {
  readonly runId: string;
  readonly #pipeline: Pipeline<Input>;
  readonly #input: Input | undefined;
  readonly #options: RunPipelineOptions;
  readonly #controller = new AbortController();
  readonly #queue: StepEvent[] = [];
  /** Set when the run could not be kept any longer: another runner has it, or the store fails. */
  #fault: { error: unknown } | undefined;
  #iterated = false;
  #work: Promise<void> | undefined;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #asking = 0;
  #arrived = Promise.withResolvers<void>();
  #asked = Promise.withResolvers<void>();

  constructor(pipeline: Pipeline<Input>, input: Input | undefined, options: RunPipelineOptions) {
    this.#pipeline = pipeline;
    this.#input = input;
    this.#options = options;
    this.runId = options.resumeFrom ?? options.runId ?? randomRunId();
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }

  [Symbol.asyncIterator](): AsyncIterator<StepEvent> {
    if (this.#iterated)
      throw createError("invalid_request", "a run can be iterated once", { hint: "follow it with followRun()" });
    this.#iterated = true;
    return {
      next: () => this.#next(),
      return: async () => {
        this.abort("the reader left the loop");
        this.#queue.length = 0;
        await this.#work;
        this.#failure = undefined;
        this.#ended = true;
        return { value: undefined, done: true };
      },
    };
  }

  async #next(): Promise<IteratorResult<StepEvent>> {
    this.#asking++;
    try {
      if (!this.#ended) this.#work ??= this.#start();
      for (;;) {
        const event = this.#queue.shift();
        if (event !== undefined) return { value: event, done: false };
        if (this.#failure !== undefined) {
          const { error } = this.#failure;
          this.#failure = undefined;
          throw error;
        }
        if (this.#ended) return { value: undefined, done: true };
        this.#asked.resolve();
        await this.#arrived.promise;
      }
    } finally {
      this.#asking--;
    }
  }

  /** Never rejects: what went wrong is for the reader. */
  async #start(): Promise<void> {
    const { signal } = this.#options;
    const onAbort = () => this.abort(signal?.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await this.#leased();
    } catch (error) {
      this.#failure = this.#fault ?? { error };
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#ended = true;
      this.#tellReader();
    }
  }

  async #leased(): Promise<void> {
    refuseUnknownKeys("the options of runPipeline", this.#options, OPTIONS);
    const { store = memoryRunStore(), clock = systemClock, leaseMs = 30_000, only } = this.#options;
    if (only !== undefined && !this.#pipeline.steps.some(({ name }) => name === only)) {
      throw createError("invalid_request", `the pipeline "${this.#pipeline.name}" has no step "${only}"`);
    }
    if (!(leaseMs > 0)) throw createError("invalid_request", `leaseMs is not above 0: ${leaseMs}`);
    if (this.#controller.signal.aborted) throw runAborted(this.#controller.signal);
    // What was left without an end gets one first, so that whoever asked that execution to stop does not stop this one.
    if (this.#options.resumeFrom !== undefined) await closeInterrupted(store, this.runId, { clock });
    const stop = (error: unknown) => {
      this.#fault ??= { error };
      this.abort(error);
    };
    const lease = await RunLease.take(store, this.runId, leaseMs, clock, stop);
    let unlisten: (() => void) | undefined;
    try {
      unlisten = store.onCancel?.(this.runId, () => this.abort("it was stopped by request"));
      await this.#execute(store, clock, lease.holder, stop);
    } finally {
      unlisten?.();
      await lease.release();
    }
  }

  async #execute(store: RunStore, clock: Clock, holder: string, stop: (error: unknown) => void): Promise<void> {
    const { llm, only, resumeFrom } = this.#options;
    const pipeline = this.#pipeline as Pipeline<never>;
    const run = { runId: this.runId, holder, pipeline };
    const open = resumeFrom === undefined ? RunState.begin : RunState.resume;
    const state = await open(store, run, this.#input);
    const deliver = (event: StepEvent) => {
      this.#queue.push(event);
      this.#tellReader();
    };
    const log = new RunLog({ store, runId: this.runId, holder, clock, before: state.events, deliver, onFailure: stop });
    await executeRun({
      runId: this.runId,
      pipeline,
      state,
      log,
      llm,
      signal: this.#controller.signal,
      only,
      wanted: () => this.#wanted(),
      mayLog: () => this.#fault === undefined,
    });
  }

  async #wanted(): Promise<void> {
    while (this.#asking === 0 || this.#queue.length > 0) {
      this.#asked = Promise.withResolvers<void>();
      await this.#asked.promise;
    }
  }

  #tellReader(): void {
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers<void>();
  }
}

/** 128 random bits in hexadecimal. */
export function randomRunId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
}
