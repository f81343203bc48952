import type { LLM } from "../client/llm.js";
import { createError } from "../errors/error-classes.js";
import type { Execution } from "./execute-run.js";
import { type ProgressBand, withinBand } from "./progress-bands.js";
import type { StepInputs } from "./step.js";
import type { StepMeter } from "./step-meter.js";
import type { StepContext } from "./step-types.js";
import { runAborted } from "./until-aborted.js";

interface StepRunOptions {
  run: Pick<Execution, "runId" | "llm" | "signal" | "log" | "state">;
  name: string;
  round: number;
  band: ProgressBand;
  inputs: StepInputs<never>;
  meter: StepMeter;
}

/** What the function of a step is given while it runs. */
export class StepRun implements StepContext<never> {
  readonly input: never;
  readonly runId: string;
  readonly llm: LLM;
  readonly signal: AbortSignal;
  readonly results: Readonly<Record<string, unknown>>;
  readonly #options: StepRunOptions;
  readonly #items = new Map<string, Promise<unknown>>();
  readonly #controller = new AbortController();
  #failed = false;
  #ended = false;

  constructor(options: StepRunOptions) {
    const { run, inputs, meter } = options;
    this.#options = options;
    this.input = inputs.input;
    this.results = inputs.results;
    this.runId = run.runId;
    this.signal = AbortSignal.any([run.signal, this.#controller.signal]);
    this.llm = meter.wrap(run.llm.scope({ signal: this.signal }));
  }

  /**
   * Lets no further item begin, waits for those under way, so that they are kept and never paid for twice, and aborts
   * what else the step has left running.
   */
  async fail(reason: unknown): Promise<void> {
    this.#failed = true;
    await Promise.allSettled(this.#items.values());
    this.#controller.abort(reason);
  }

  /** What is reported from now on is too late to be told. */
  end(): void {
    this.#ended = true;
  }

  // Properties, so that both survive being taken out of the context.
  readonly progress: StepContext["progress"] = ({ data, message, fraction }) => {
    if (this.#ended || this.signal.aborted) return;
    const { run, name, band } = this.#options;
    const progress = fraction === undefined ? undefined : withinBand(band, fraction);
    run.log.add({ step: name, status: "processing", data, message: message ?? `Working on ${name}`, progress });
  };

  readonly item: StepContext["item"] = <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const underWay = this.#items.get(key) as Promise<T> | undefined;
    if (underWay !== undefined) return underWay;
    const item = this.#makeItem(key, make);
    this.#items.set(key, item);
    item.catch(() => this.#items.delete(key));
    return item;
  };

  async #makeItem<T>(key: string, make: () => Promise<T>): Promise<T> {
    const { run, name, round } = this.#options;
    const kept = run.state.item(name, round, key);
    if (kept !== undefined) return kept.value as T;
    if (run.signal.aborted) throw runAborted(run.signal);
    if (this.#failed) throw createError("aborted", `the step "${name}" has failed`);
    const value = await make();
    await run.state.keepItem(name, round, key, value);
    return value;
  }
}
