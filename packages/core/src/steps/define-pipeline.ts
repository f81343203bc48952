import { createError } from "../errors/error-classes.js";
import type { PipelineStep } from "./step.js";

/** Steps that run one after another; made by `definePipeline()`. */
export interface Pipeline<Input = unknown> {
  readonly name: string;
  readonly steps: readonly PipelineStep<Input>[];
}

/**
 * Puts steps in their order.
 *
 * Throws: `invalid_request` for no steps or for two of the same name.
 */
export function definePipeline<Input>(name: string, steps: readonly PipelineStep<Input>[]): Pipeline<Input> {
  if (steps.length === 0) throw createError("invalid_request", `the pipeline "${name}" has no steps`);
  const names = new Set<string>();
  for (const each of steps) {
    if (names.has(each.name))
      throw createError("invalid_request", `the pipeline "${name}" has two steps "${each.name}"`);
    names.add(each.name);
  }
  return { name, steps: [...steps] };
}
