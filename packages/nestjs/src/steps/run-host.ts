import type { ModuleRef } from "@nestjs/core";
import {
  AbortedError,
  followRun,
  ModelNotFoundError,
  memoryRunStore,
  type Pipeline,
  type RunStore,
  runPipeline,
  type ScopeOptions,
  stopRun,
} from "@signalbox/core";
import { getLLMClientToken } from "../llm.tokens.js";
import { LLMRequests } from "../llm-requests.js";
import { LiveRun, type RunFault } from "./live-run.js";
import type { StepsControllerOptions } from "./steps-controller.js";

/** Executes and finds the runs of one pipeline. */
export class RunHost<Input> {
  readonly store: RunStore;
  readonly #pipeline: Pipeline<Input>;
  readonly #options: StepsControllerOptions<Input>;
  readonly #log: RunFault;
  readonly #live = new Map<string, LiveRun>();

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
  ): LiveRun {
    const client = moduleRef.get(getLLMClientToken(this.#options.client), { strict: false });
    const requests = moduleRef.get(LLMRequests, { strict: false });
    const { request: known, signal } = requests.of(request);
    const execute = () => {
      // The request's own scope is named: without the request context nothing carries it. What `authorize` says is
      // added to it: policies and budgets add up.
      const llm = client.scope(requests.scopeOf(client)?.(known) ?? {}).scope(scope);
      const run = runPipeline(this.#pipeline, input, {
        llm,
        store: this.store,
        resumeFrom,
        leaseMs: this.#options.leaseMs,
      });
      return new LiveRun(run, (error, where) => this.#tell(error, where));
    };
    const lasts = this.#options.onDisconnect === "continue";
    const run = this.#keep(lasts ? requests.outlive()(execute) : execute());
    // Also one that its caller did not wait for outlives its request, and the others have their end to write down.
    void run.ended.then(requests.live.runs({ end: (reason) => run.abort(reason) }));
    if (lasts) return run;
    const stop = () => run.abort(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    void run.ended.then(() => signal.removeEventListener("abort", stop));
    return run;
  }

  /** Stops a run, in whichever process, and tells whether it has ended; one that had ended stays as it is. */
  async stop(runId: string): Promise<boolean> {
    const run = this.#live.get(runId);
    run?.abort("it was stopped by request");
    await run?.ended;
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

  #keep(run: LiveRun): LiveRun {
    // A run that goes on already keeps its place; the second attempt fails by itself.
    if (!this.#live.has(run.runId)) this.#live.set(run.runId, run);
    void run.ended.then(() => {
      if (this.#live.get(run.runId) === run) this.#live.delete(run.runId);
    });
    return run;
  }
}

export function runNotFound(runId: string): ModelNotFoundError {
  return new ModelNotFoundError("not_found", `run not found: ${runId.slice(0, 200)}`);
}
