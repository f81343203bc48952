import type { LLM } from "../client/llm.js";
import type { Pipeline } from "./define-pipeline.js";
import { type ProgressBand, progressBands } from "./progress-bands.js";
import type { RunLog } from "./run-log.js";
import type { RunState } from "./run-state.js";
import type { PipelineStep, StepInputs } from "./step.js";
import { describeFailure } from "./step-failure.js";
import { StepMeter } from "./step-meter.js";
import { StepRun } from "./step-run.js";
import type { StepFailure } from "./step-types.js";
import { runAborted, untilAborted } from "./until-aborted.js";

export interface Execution {
  runId: string;
  pipeline: Pipeline<never>;
  state: RunState;
  log: RunLog;
  llm: LLM;
  signal: AbortSignal;
  /** Execute this step alone. */
  only: string | undefined;
  /** Resolves when the reader wants more: steps do not begin for one that has stopped asking. */
  wanted(): Promise<void>;
  /** False once the run's log belongs to somebody else or cannot be written. */
  mayLog(): boolean;
}

/** The step whose turn it is, or the one whose `when` failed. */
interface Turn {
  index: number;
  step: PipelineStep<never>;
  failure?: { error: unknown };
}

type Sums = Awaited<ReturnType<StepMeter["total"]>>;
type Made = { result: unknown; message: string } | { error: unknown };

/**
 * Runs the steps that are left, one after another, and logs what happens. Ends with a final event, whatever comes;
 * only an abort (also logged) and a failure of the store are thrown.
 */
export async function executeRun(execution: Execution): Promise<void> {
  const runner = new Runner(execution);
  try {
    await (execution.only === undefined ? runner.runAll() : runner.runOne(execution.only));
  } catch (error) {
    if (execution.signal.aborted && execution.mayLog()) await runner.logAbort();
    throw error;
  } finally {
    await execution.log.written;
  }
}

class Runner {
  readonly #run: Execution;
  readonly #steps: readonly PipelineStep<never>[];
  readonly #bands: readonly ProgressBand[];
  readonly #alone: boolean;
  #current: string;
  #meter = new StepMeter();

  constructor(execution: Execution) {
    this.#run = execution;
    this.#steps = execution.pipeline.steps;
    this.#bands = progressBands(this.#steps.map(({ weight }) => weight));
    this.#alone = execution.only !== undefined;
    this.#current = execution.only ?? this.#steps[0]?.name ?? "";
  }

  async runAll(): Promise<void> {
    const { state, log } = this.#run;
    let turn = await this.#next(0);
    // A process that died between keeping how a step ended and telling of it left the telling to us.
    const untold = this.#steps.filter(({ name }) => state.isSettled(name) && !this.#isTold(name));
    for (const step of untold) {
      const index = this.#steps.indexOf(step);
      const isLast = turn === undefined && step === untold.at(-1);
      if (state.isFinished(step.name)) {
        const message = step.completedMessage(state.result(step.name), this.#inputs(index));
        this.#logCompleted({ index, step }, message, isLast);
      } else {
        const lost = new Error(`why the step ${step.name} failed was not kept`);
        this.#logFailed(step, lost, { passed: true, following: turn, isLast });
      }
    }
    while (turn !== undefined) turn = await this.#take(turn);
    const last = this.#steps.at(-1);
    if (!log.closed && last !== undefined) {
      log.add({ step: last.name, status: "completed", message: "Nothing to do", progress: 100, final: true });
    }
  }

  async runOne(name: string): Promise<void> {
    const index = this.#steps.findIndex((step) => step.name === name);
    const step = this.#steps[index];
    if (step !== undefined) await this.#take({ index, step });
  }

  async logAbort(): Promise<void> {
    const where = { completedSteps: this.#completedSteps, nextStep: this.#current };
    const data = { ...describeFailure(runAborted(this.#run.signal), where), retryable: true };
    const sums = await this.#meter.total();
    this.#run.log.add({
      step: this.#current,
      status: "error",
      data,
      message: "The run was stopped",
      final: true,
      ...sums,
    });
  }

  get #completedSteps(): string[] {
    return this.#run.state.finished(this.#run.pipeline);
  }

  /** True where an earlier execution has logged how the settled step ended. */
  #isTold(name: string): boolean {
    const { state } = this.#run;
    const finished = state.isFinished(name);
    return state.events.some(({ step, status, data }) => {
      if (step !== name) return false;
      return finished ? status === "completed" : status === "error" && (data as StepFailure | null)?.optional === true;
    });
  }

  /** The first step from `from` on that is to run; a `when` that fails is a failure of its step. */
  async #next(from: number): Promise<Turn | undefined> {
    if (this.#alone) return undefined;
    for (let index = from; index < this.#steps.length; index++) {
      const step = this.#steps[index] as PipelineStep<never>;
      if (this.#run.state.isSettled(step.name)) continue;
      try {
        if ((await step.when?.(this.#inputs(index))) ?? true) return { index, step };
      } catch (error) {
        return { index, step, failure: { error } };
      }
    }
    return undefined;
  }

  /** Executes a step and tells whose turn is next. */
  async #take(turn: Turn): Promise<Turn | undefined> {
    const { log, signal } = this.#run;
    this.#current = turn.step.name;
    this.#meter = new StepMeter();
    // What was told so far has to have reached the reader before it can be said to want more.
    await untilAborted(
      log.written.then(() => this.#run.wanted()),
      signal,
    );
    const made = turn.failure ?? (await this.#make(turn));
    if (signal.aborted) throw runAborted(signal);
    if ("error" in made) return this.#fail(turn, made.error);
    const following = await this.#next(turn.index + 1);
    this.#logCompleted(turn, made.message, following === undefined, await this.#meter.total());
    return following;
  }

  async #make({ step, index }: Turn): Promise<Made> {
    const { log, state, signal } = this.#run;
    const inputs = this.#inputs(index);
    const band = this.#bands[index] as ProgressBand;
    let context: StepRun | undefined;
    try {
      const round = await state.openRound(step.name);
      const running = new StepRun({ run: this.#run, name: step.name, round, band, inputs, meter: this.#meter });
      context = running;
      if (step.announce) {
        log.add({ step: step.name, status: "started", message: step.startedMessage(inputs), progress: band.start });
      }
      const result =
        (await untilAborted(
          Promise.resolve().then(() => step.run(running)),
          signal,
        )) ?? null;
      const message = step.completedMessage(result, inputs);
      await state.finish(step.name, round, result);
      return { result, message };
    } catch (error) {
      if (context !== undefined) await untilAborted(context.fail(error), signal);
      return { error };
    } finally {
      context?.end();
    }
  }

  /** An optional step is passed over; after any other the run ends. */
  async #fail({ step, index }: Turn, error: unknown): Promise<Turn | undefined> {
    const passed = step.optional && !this.#alone;
    if (passed) await this.#run.state.passOver(step.name);
    const following = passed ? await this.#next(index + 1) : undefined;
    const sums = await this.#meter.total();
    this.#logFailed(step, error, { passed, following, isLast: following === undefined, sums });
    return following;
  }

  #logFailed(
    step: PipelineStep<never>,
    error: unknown,
    {
      passed,
      following,
      isLast,
      sums = {},
    }: { passed: boolean; following: Turn | undefined; isLast: boolean; sums?: Sums },
  ): void {
    const data = describeFailure(error, {
      completedSteps: this.#completedSteps,
      nextStep: passed ? (following?.step.name ?? null) : step.name,
      ...(passed ? { optional: true as const } : {}),
    });
    this.#run.log.add({
      step: step.name,
      status: "error",
      data,
      message: `Step ${step.name} failed: ${data.message}`,
      ...(passed && isLast ? { progress: 100 } : {}),
      ...(isLast ? { final: true as const } : {}),
      ...sums,
      cause: error,
    });
  }

  #logCompleted({ step, index }: Turn, message: string, isLast: boolean, sums: Sums = {}): void {
    this.#run.log.add({
      step: step.name,
      status: "completed",
      data: this.#run.state.result(step.name),
      message,
      progress: isLast && !this.#alone ? 100 : this.#bands[index]?.end,
      ...(isLast ? { final: true as const } : {}),
      ...sums,
    });
  }

  #inputs(index: number): StepInputs<never> {
    const { state, pipeline } = this.#run;
    return { input: state.input as never, results: state.resultsBefore(pipeline, index) };
  }
}
