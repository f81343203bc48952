import type { ModuleRef } from "@nestjs/core";
import {
  InvalidRequestError,
  ModelNotFoundError,
  memoryRunStore,
  type Pipeline,
  type RunStore,
  runPipeline,
  type ScopeOptions,
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
      // The request's own scope is named: without the request context nothing carries it.
      const llm = client.scope({ ...requests.scopeOf(client)?.(known), ...scope });
      const run = runPipeline(this.#pipeline, input, { llm, store: this.store, resumeFrom });
      return new LiveRun(run, (error, where) => this.#tell(error, where));
    };
    if (this.#options.onDisconnect === "continue") return this.#keep(requests.outlive()(execute));
    const run = this.#keep(execute());
    const stop = () => run.abort(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    void run.ended.then(() => signal.removeEventListener("abort", stop));
    return run;
  }

  /** Stops a run; one that has ended stays as it is. */
  async stop(runId: string): Promise<void> {
    const run = this.#live.get(runId);
    if (run !== undefined) {
      run.abort("it was stopped by request");
      await run.ended;
      return;
    }
    if ((await this.store.load(runId)) === undefined) throw runNotFound(runId);
    if ((await this.store.read(runId, 0)).at(-1)?.final) return;
    throw new InvalidRequestError("invalid_request", `the run ${runId} is not executed by this process`, {
      status: 409,
    });
  }

  #tell(error: unknown, where: Parameters<RunFault>[1]): void {
    try {
      (this.#options.onError ?? this.#log)(error, where);
    } catch (fault) {
      // A listener that throws must not end the run.
      this.#log(fault, where);
    }
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
