import { createError } from "../errors/error-classes.js";
import type { StepContext } from "./step-types.js";

/** What a step may decide by. */
export interface StepInputs<Input> {
  readonly input: Input;
  /** Results of the steps before, by name. */
  readonly results: Readonly<Record<string, unknown>>;
}

/** How a step behaves in its pipeline. */
export interface StepOptions<Input, Result> {
  /** The run goes on when this step fails. @default false */
  optional?: boolean | undefined;
  /** Its share of the progress, beside the other steps' weights. @default 1 */
  weight?: number | undefined;
  /** False skips the step: no event, its share of the progress is jumped over. */
  when?: ((inputs: StepInputs<Input>) => boolean | Promise<boolean>) | undefined;
  /** False: only `completed` is emitted, no `started`. @default true */
  announce?: boolean | undefined;
  /** What the events say. @default English sentences */
  messages?:
    | {
        /** When it begins. */
        started?: string | ((inputs: StepInputs<Input>) => string) | undefined;
        /** When it is done. */
        completed?: string | ((result: Result, inputs: StepInputs<Input>) => string) | undefined;
      }
    | undefined;
}

/** A named part of a pipeline; made by `step()`. */
export interface PipelineStep<Input = unknown> {
  readonly name: string;
  readonly optional: boolean;
  readonly weight: number;
  readonly announce: boolean;
  /** Makes the step's result. */
  readonly run: (context: StepContext<Input>) => unknown;
  /** False skips the step. */
  readonly when: ((inputs: StepInputs<Input>) => boolean | Promise<boolean>) | undefined;
  /** What its first event says. */
  readonly startedMessage: (inputs: StepInputs<Input>) => string;
  /** What its last event says. */
  readonly completedMessage: (result: unknown, inputs: StepInputs<Input>) => string;
}

/**
 * Names a part of a pipeline.
 *
 * Shape: `run(context)` returns the step's result, which has to survive JSON: a resumed run gets it from the store.
 * Throws: `invalid_request` for an empty name or a weight that is not above 0. What `run` throws ends the run with
 * an `error` event, or is passed over when the step is `optional`.
 * Cancels: `context.signal` aborts with the run; the run does not wait for a step that does not listen.
 */
export function step<Input = unknown, Result = unknown>(
  name: string,
  run: (context: StepContext<Input>) => Result | Promise<Result>,
  options: StepOptions<Input, Result> = {},
): PipelineStep<Input> {
  const { optional = false, weight = 1, announce = true, when, messages } = options;
  if (name === "") throw createError("invalid_request", "a step needs a name");
  if (!Number.isFinite(weight) || weight <= 0)
    throw createError("invalid_request", `the weight of step "${name}" is not above 0`);
  const started = messages?.started ?? `Starting ${name}`;
  const completed = messages?.completed ?? `Finished ${name}`;
  return {
    name,
    optional,
    weight,
    announce,
    run,
    when,
    startedMessage: typeof started === "string" ? () => started : started,
    completedMessage:
      typeof completed === "string" ? () => completed : (result, inputs) => completed(result as Result, inputs),
  };
}
