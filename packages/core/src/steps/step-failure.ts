import { publicErrorBody } from "../errors/public-error.js";
import type { StepFailure } from "./step-types.js";

/** What an `error` event tells of a failure: the same that a server may tell its callers. */
export function describeFailure(
  error: unknown,
  where: Pick<StepFailure, "completedSteps" | "nextStep" | "optional">,
): StepFailure {
  const { code, message, retryable, ...more } = publicErrorBody(error).error;
  return { ...where, retryable, code, message, ...more };
}
