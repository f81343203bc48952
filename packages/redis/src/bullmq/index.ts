/**
 * `@signalbox/redis/bullmq`: runs as jobs of BullMQ, followed and stopped from every process.
 *
 * @module redis/bullmq
 */
export { type EnqueueRunOptions, enqueueGeneration, enqueueRun } from "./enqueue-run.js";
export { type GenerationProcessorOptions, generationProcessor } from "./generation-processor.js";
export { jobRunId } from "./job-run-id.js";
export { type PipelineProcessorOptions, pipelineProcessor } from "./pipeline-processor.js";
export type { RunJob, RunJobData, RunJobResult, RunQueue } from "./queue-shapes.js";
export type { RunProcessor, RunProcessorOptions } from "./run-processor.js";
