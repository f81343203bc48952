import { createError } from "../errors/error-classes.js";
import type { Pipeline } from "./define-pipeline.js";
import type { RunStore, StepEvent } from "./step-types.js";

interface Start {
  pipeline: string;
  input: unknown;
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

/** What a run has done so far, as the store keeps it. */
export class RunState {
  readonly #store: RunStore;
  readonly #runId: string;
  readonly #kept: Map<string, unknown>;
  /** The events before this execution. */
  readonly events: readonly StepEvent[];
  readonly input: unknown;

  private constructor(
    store: RunStore,
    runId: string,
    kept: Map<string, unknown>,
    events: readonly StepEvent[],
    input: unknown,
  ) {
    this.#store = store;
    this.#runId = runId;
    this.#kept = kept;
    this.events = events;
    this.input = input;
  }

  /** Begins a new run. Throws `invalid_request` (status 409) where the store has a run of this id. */
  static async begin(store: RunStore, runId: string, pipeline: string, input: unknown): Promise<RunState> {
    if ((await store.load(runId)) !== undefined) {
      const hint = "continue it with `resumeFrom`";
      throw createError("invalid_request", `the run ${runId} exists already`, { status: 409, hint });
    }
    const start: Start = { pipeline, input };
    await store.checkpoint(runId, START, start);
    return new RunState(store, runId, new Map(), [], input);
  }

  /**
   * Continues a kept run; an `input` that is given replaces the kept one. Throws `not_found` for an unknown run,
   * `invalid_request` for one of another pipeline.
   */
  static async resume(store: RunStore, runId: string, pipeline: string, input: unknown): Promise<RunState> {
    const loaded = await store.load(runId);
    const start = loaded?.[START] as Start | undefined;
    if (loaded === undefined || start === undefined) throw createError("not_found", `run not found: ${runId}`);
    if (start.pipeline !== pipeline) {
      throw createError(
        "invalid_request",
        `the run ${runId} belongs to the pipeline "${start.pipeline}", not to "${pipeline}"`,
      );
    }
    const events = await store.read(runId, 0);
    return new RunState(
      store,
      runId,
      new Map(Object.entries(loaded)),
      events,
      input === undefined ? start.input : input,
    );
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
    await this.#store.checkpoint(this.#runId, key, data);
    this.#kept.set(key, data);
  }
}
