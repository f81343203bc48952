import { createHash } from "node:crypto";
import type { RunJob, RunJobData } from "./queue-shapes.js";

/**
 * The id of the run that a job executes, the same in every attempt: `runId` of its data, otherwise 32 hexadecimal
 * digits made of its queue, its id and the time when it was added.
 */
export function jobRunId(job: Pick<RunJob, "id" | "data" | "timestamp" | "queueQualifiedName">): string {
  const { runId } = dataOf(job);
  if (typeof runId === "string" && runId !== "") return runId;
  const born = JSON.stringify([job.queueQualifiedName, job.id, job.timestamp]);
  return createHash("sha256").update(born).digest("hex").slice(0, 32);
}

/** The job's data where it is an object; jobs may be added with anything. */
export function dataOf(job: Pick<RunJob, "data">): RunJobData {
  return typeof job.data === "object" && job.data !== null ? job.data : {};
}
