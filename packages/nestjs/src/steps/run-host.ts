import type { ModuleRef } from "@nestjs/core";
import {
  AbortedError,
  followRun,
  memoryRunStore,
  type Pipeline,
  type RunStore,
  runPipeline,
  type ScopeOptions,
  stopRun,
} from "@signalbox/core";
import { ExecutedRun } from "@signalbox/core/node";
import { beginRun } from "../begin-run.js";
import type { StepsControllerOptions } from "./steps-controller.js";

/** Hears what a step threw, and what kept a run from its end. */
export type RunFault = (error: unknown, run: { runId: string; step?: string | undefined }) => void;

/** Executes and finds the runs of one pipeline. */
export class RunHost<Input> {
  readonly store: RunStore;
  readonly #pipeline: Pipeline<Input>;
  readonly #options: StepsControllerOptions<Input>;
  readonly #log: RunFault;
  readonly #live = new Map<string, ExecutedRun>();

  /** @param log - hears what nobody else listens to, and what a listener throws */
  constructor(pipeline: Pipeline<Input>, options: StepsControllerOptions<Input>, log: RunFault) {
    this.#pipeline = pipeline;
    this.#options = options;
    this.#log = log;
    this.store = options.store ?? memoryRunStore();
  }

  /** Begins or resumes a run for a request; with "abort" it ends when the client leaves. */
  begin(
    moduleRef: ModuleRef,
    request: object,
    scope: ScopeOptions,
    input: Input | undefined,
    resumeFrom?: string,
  ): ExecutedRun {
    const { leaseMs } = this.#options;
    const run = beginRun(moduleRef, request, scope, this.#options, (llm) => {
      const started = runPipeline(this.#pipeline, input, { llm, store: this.store, resumeFrom, leaseMs });
      return new ExecutedRun(started, (error, where) => this.#tell(error, where));
    });
    // A run that goes on already keeps its place; the second attempt fails by itself.
    if (!this.#live.has(run.runId)) this.#live.set(run.runId, run);
    void run.settled.then(() => {
      if (this.#live.get(run.runId) === run) this.#live.delete(run.runId);
    });
    return run;
  }

  /** Stops a run, in whichever process, and tells whether it has ended; one that had ended stays as it is. */
  async stop(runId: string): Promise<boolean> {
    const run = this.#live.get(runId);
    run?.cancel("it was stopped by request");
    await run?.settled;
    if (run?.hasEnded) return true;
    return stopRun(this.store, runId, { pipeline: this.#pipeline.name, timeoutMs: this.#options.stopTimeoutMs });
  }

  /** @throws LLMError `not_found` where following the run would */
  async check(runId: string): Promise<void> {
    try {
      // Whoever has left already is told whether there is such a run, and nothing of it.
      await followRun(this.store, runId, 0, { pipeline: this.#pipeline.name, signal: AbortSignal.abort() }).next();
    } catch (error) {
      if (!AbortedError.is(error)) throw error;
    }
  }

  #tell(error: unknown, where: Parameters<RunFault>[1]): void {
    // A listener that throws, now or later, must not end the run.
    const listen = async () => (this.#options.onError ?? this.#log)(error, where);
    listen().catch((fault: unknown) => this.#log(fault, where));
  }
}
