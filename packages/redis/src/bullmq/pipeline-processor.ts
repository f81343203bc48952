import { type Pipeline, runPipeline } from "@signalbox/core";
import type { AttemptSettings } from "./job-attempt.js";
import { dataOf } from "./job-run-id.js";
import type { RunJob } from "./queue-shapes.js";
import { type RunProcessor, type RunProcessorOptions, runProcessor } from "./run-processor.js";

/** As for every processor of runs, and what a run is begun with. */
export interface PipelineProcessorOptions<Input> extends RunProcessorOptions {
  /** The input of a job that was not added by `enqueueRun()`. @default `input` of the job's data */
  input?: ((job: RunJob) => Input | Promise<Input>) | undefined;
}

/**
 * A processor for a BullMQ worker that runs a pipeline and writes the run log, which every process follows, and stops
 * the run through: `new Worker("decks", pipelineProcessor(deck, { llm, store }), { connection })`.
 *
 * Shape: the job returns `{ runId }`, with `keepResult` also the last step's `result`; its progress is the run's. The
 * next attempt of a job, and a worker that takes the job of one that died, go on behind the last finished step and
 * item. An attempt that another one follows ends with an `error` event that is not `final`.
 * Throws: ConfigurationError when it is made. The job fails for good (`UnrecoverableError`) when its run is stopped, is
 * another pipeline's, or fails with an LLMError that is not retryable; every other failure takes its attempts and its
 * backoff, or waits `retryAfterMs` where the provider said so.
 * Cancels: `store.cancel(runId)`, from any process, stops the run and its calls. `close()` puts the jobs back.
 */
export function pipelineProcessor<Input>(
  pipeline: Pipeline<Input>,
  options: PipelineProcessorOptions<Input>,
): RunProcessor {
  const { input = (job: RunJob) => dataOf(job).input as Input } = options;
  const execute: (job: RunJob) => AttemptSettings["execute"] =
    (job) =>
    async ({ input: kept, isBegun, runId, ask, ...plan }) => {
      if (isBegun) return runPipeline(pipeline, undefined, { ...plan, resumeFrom: runId });
      const begun = kept === undefined ? await ask(() => input(job)) : (kept.value as Input);
      return runPipeline(pipeline, begun, { ...plan, runId });
    };
  const mayGoOn = (start: unknown) => (start as { pipeline?: unknown } | null)?.pipeline === pipeline.name;
  return runProcessor("pipelineProcessor", options, ["input"], { repeats: "all", mayGoOn, execute });
}
