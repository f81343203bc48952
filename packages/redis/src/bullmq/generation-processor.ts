import {
  type GenerateRequest,
  type LLM,
  ProviderError,
  type RunStore,
  type StepEvent,
  startChatRun,
} from "@signalbox/core";
import type { AttemptSettings, ExecutedRun } from "./job-attempt.js";
import { dataOf } from "./job-run-id.js";
import type { RunJob } from "./queue-shapes.js";
import { type RunProcessor, type RunProcessorOptions, runProcessor } from "./run-processor.js";

/** As for every processor of runs, and what is asked. */
export interface GenerationProcessorOptions extends RunProcessorOptions {
  /**
   * Makes the request: of what `enqueueGeneration()` was given, undefined for a job that was added by hand. The place
   * for tools, and for all that a queue must not keep. @default what was given, or `input` of the job's data
   */
  request?:
    | ((job: RunJob, given: GenerateRequest | undefined) => GenerateRequest | Promise<GenerateRequest>)
    | undefined;
}

/**
 * A processor for a BullMQ worker that makes one generation, tools included, and writes it as a chat run, which every
 * process follows and stops through `chatRouter`, `followChatRun` and `stopRun`.
 *
 * Shape: the job returns `{ runId }`, with `keepResult` also the final event's `{ type: "finish", result }`. An attempt
 * that fails before anything was told is repeated as BullMQ is told to, and those who follow see one answer. Once
 * something was told the answer is not asked for again: it ends with its failure, or as `interrupted` where its worker
 * has died. An answer that the store does not keep any more is stopped, and fails.
 * Throws: as `pipelineProcessor()`.
 * Cancels: as `pipelineProcessor()`; an answer that has begun and outlasts the grace of `close()` ends as `aborted`.
 */
export function generationProcessor(options: GenerationProcessorOptions): RunProcessor {
  const { request = (job, given) => given ?? (dataOf(job).input as GenerateRequest) } = options;
  const execute: (job: RunJob) => AttemptSettings["execute"] =
    (job) =>
    async ({ input, runId, llm, store, leaseMs, ask }) => {
      const before = await store.read(runId, 0);
      if (before.length > 0) return toldBefore(before);
      const asked = await ask(() => request(job, input?.value as GenerateRequest | undefined));
      return new JobGeneration(llm, asked, { store: unbegun(store), runId, leaseMs });
    };
  const mayGoOn = (start: unknown) => (start as { kind?: unknown } | null)?.kind === "chat";
  return runProcessor("generationProcessor", options, ["request"], { repeats: "untold", mayGoOn, execute });
}

/** A generation, read to its end. */
class JobGeneration implements ExecutedRun {
  readonly #run: ReturnType<typeof startChatRun>;
  /** Why those who follow get no more of it. */
  #unkept: { error: unknown } | undefined;

  constructor(llm: LLM, request: GenerateRequest, options: { store: RunStore; runId: string; leaseMs: number }) {
    const onUnkept = (error: unknown) => {
      this.#unkept = { error };
      this.#run.cancel("it is not kept any more");
    };
    this.#run = startChatRun(llm, request, { ...options, mustKeep: true, onUnkept });
  }

  abort(reason: unknown): void {
    this.#run.cancel(reason);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StepEvent, void, void> {
    // What is told here only, nobody hears.
    for await (const event of this.#run.events) if (this.#unkept === undefined) yield event;
    await this.#run.settled;
    if (this.#unkept !== undefined) throw this.#unkept.error;
  }
}

/** What is left to say of a generation that another attempt has told of. */
function toldBefore(events: readonly StepEvent[]): ExecutedRun {
  const last = events.at(-1) as StepEvent;
  return {
    abort() {},
    async *[Symbol.asyncIterator](): AsyncGenerator<StepEvent, void, void> {
      const isComplete = last.final && last.status === "completed";
      if (isComplete || !last.final) yield last;
      // Not retryable: an answer that readers have begun to read is not begun anew.
      if (!isComplete) throw new ProviderError("provider_error", "the answer was interrupted", { retryable: false });
    },
  };
}

/** The store for a run whose job was added, and that nothing was told of: to the run it is new. */
function unbegun(store: RunStore): RunStore {
  let isOpen = false;
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name === "load" && !isOpen) {
        isOpen = true;
        return async () => undefined;
      }
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
