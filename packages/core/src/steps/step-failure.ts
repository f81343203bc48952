import { publicErrorBody } from "../errors/public-error.js";
import type { StepEvent, StepFailure } from "./step-types.js";

/** The code of a run whose process is gone. */
export const INTERRUPTED = "interrupted";

/** True for the final event that was written in place of a process that is gone. */
export function isInterrupted({ final, data }: StepEvent): boolean {
  return final === true && (data as Partial<StepFailure> | null)?.code === INTERRUPTED;
}

/** What an `error` event tells of a failure: the same that a server may tell its callers. */
export function describeFailure(
  error: unknown,
  where: Pick<StepFailure, "completedSteps" | "nextStep" | "optional">,
): StepFailure {
  const { code, message, retryable, ...more } = publicErrorBody(error).error;
  // What was aborted has not failed: where the run was stopped, or its process went, it can go on elsewhere.
  return { ...where, retryable: retryable || code === "aborted", code, message, ...more };
}
