import { createError } from "../errors/error-classes.js";
import type { Pipeline } from "./define-pipeline.js";
import { runNotFound } from "./run-not-found.js";
import type { RunStore, StepEvent } from "./step-types.js";

interface Start {
  pipeline: string;
  /** Their names, in order; a run that was begun by an older version has none. */
  steps?: string[] | undefined;
  input: unknown;
}

/** Which run of what, and who has leased it. */
export interface RunOfPipeline {
  runId: string;
  holder: string;
  pipeline: Pipeline<never>;
}

/** A finished step; `round` tells which of its executions gave the result. */
interface Finished {
  result: unknown;
  round: number;
}

const START = "run";
const finishedKey = (step: string) => `step:${step}`;
const passedKey = (step: string) => `passed:${step}`;
const roundKey = (step: string) => `round:${step}`;
const itemKey = (step: string, round: number, key: string) => `item:${step}:${round}:${key}`;

/** False for what another pipeline, or no pipeline at all, has begun. */
export function isRunOf(pipeline: string, kept: Record<string, unknown>): boolean {
  const start = kept[START] as Partial<Start> | undefined;
  return start === undefined || start.pipeline === pipeline;
}

/** The steps of a run and those of them that are finished, in order, told without its pipeline. */
export function stepsOfRun(
  kept: Record<string, unknown>,
  events: readonly StepEvent[],
): { steps: string[]; finished: string[] } {
  const told = new Set(events.map(({ step }) => step));
  const steps = (kept[START] as Start | undefined)?.steps ?? [...told];
  const completed = new Set(events.filter(({ status }) => status === "completed").map(({ step }) => step));
  const finished = steps.filter((name) => Object.hasOwn(kept, finishedKey(name)) || completed.has(name));
  return { steps, finished };
}

/** What a run has done so far, as the store keeps it. */
export class RunState {
  readonly #store: RunStore;
  readonly #runId: string;
  readonly #holder: string;
  readonly #kept: Map<string, unknown>;
  /** The events before this execution. */
  readonly events: readonly StepEvent[];
  readonly input: unknown;

  private constructor(
    store: RunStore,
    { runId, holder }: RunOfPipeline,
    kept: Map<string, unknown>,
    events: readonly StepEvent[],
    input: unknown,
  ) {
    this.#store = store;
    this.#runId = runId;
    this.#holder = holder;
    this.#kept = kept;
    this.events = events;
    this.input = input;
  }

  /** Begins a new run. Throws `invalid_request` (status 409) where the store has a run of this id. */
  static async begin(store: RunStore, run: RunOfPipeline, input: unknown): Promise<RunState> {
    const { runId, holder, pipeline } = run;
    // What is kept beside may be older than its beginning: a run that waits in a queue can be followed.
    const kept = await store.load(runId);
    if (kept?.[START] !== undefined) {
      const hint = "continue it with `resumeFrom`";
      throw createError("invalid_request", `the run ${runId} exists already`, { status: 409, hint });
    }
    const start: Start = { pipeline: pipeline.name, steps: pipeline.steps.map(({ name }) => name), input };
    await store.checkpoint(runId, START, start, holder);
    return new RunState(store, run, new Map(), kept === undefined ? [] : await store.read(runId, 0), input);
  }

  /**
   * Continues a kept run; an `input` that is given replaces the kept one. Throws `not_found` for an unknown run,
   * `invalid_request` for one of another pipeline.
   */
  static async resume(store: RunStore, run: RunOfPipeline, input: unknown): Promise<RunState> {
    const { runId, pipeline } = run;
    const loaded = await store.load(runId);
    const start = loaded?.[START] as Start | undefined;
    if (loaded === undefined || start === undefined) throw runNotFound(runId);
    if (start.pipeline !== pipeline.name) {
      throw createError(
        "invalid_request",
        `the run ${runId} belongs to the pipeline "${start.pipeline}", not to "${pipeline.name}"`,
      );
    }
    const events = await store.read(runId, 0);
    return new RunState(store, run, new Map(Object.entries(loaded)), events, input === undefined ? start.input : input);
  }

  isFinished(step: string): boolean {
    return this.#kept.has(finishedKey(step));
  }

  /** True where nothing is left to do for the step: it is finished, or was optional and has failed. */
  isSettled(step: string): boolean {
    return this.isFinished(step) || this.#kept.has(passedKey(step));
  }

  result(step: string): unknown {
    return (this.#kept.get(finishedKey(step)) as Finished | undefined)?.result;
  }

  /** Names of the finished steps, in the order of the pipeline. */
  finished(pipeline: Pipeline<never>): string[] {
    return pipeline.steps.map(({ name }) => name).filter((name) => this.isFinished(name));
  }

  /** Results of the steps before `index`, by name. */
  resultsBefore(pipeline: Pipeline<never>, index: number): Record<string, unknown> {
    const before = pipeline.steps.slice(0, index).filter(({ name }) => this.isFinished(name));
    return Object.fromEntries(before.map(({ name }) => [name, this.result(name)]));
  }

  /** A step that was finished and is executed again starts with none of its items; an unfinished one keeps them. */
  async openRound(step: string): Promise<number> {
    const round = (this.#kept.get(roundKey(step)) as number | undefined) ?? 0;
    const finished = this.#kept.get(finishedKey(step)) as Finished | undefined;
    if (finished?.round !== round) return round;
    await this.#keep(roundKey(step), round + 1);
    return round + 1;
  }

  async finish(step: string, round: number, result: unknown): Promise<void> {
    const finished: Finished = { result: result ?? null, round };
    await this.#keep(finishedKey(step), finished);
  }

  async passOver(step: string): Promise<void> {
    await this.#keep(passedKey(step), true);
  }

  /** The kept item, or undefined; kept values are wrapped so that `null` is one. */
  item(step: string, round: number, key: string): { value: unknown } | undefined {
    return this.#kept.get(itemKey(step, round, key)) as { value: unknown } | undefined;
  }

  async keepItem(step: string, round: number, key: string, value: unknown): Promise<void> {
    await this.#keep(itemKey(step, round, key), { value });
  }

  async #keep(key: string, data: unknown): Promise<void> {
    await this.#store.checkpoint(this.#runId, key, data, this.#holder);
    this.#kept.set(key, data);
  }
}
