import type { AnswerTurn } from "./answer-turn.js";
import type { Engine } from "./engine.js";
import type { EventSource } from "./event-source.js";
import type { GenerateResult } from "./generate-result.js";
import type { PreparedCall } from "./prepare-call.js";
import { runTurns } from "./run-turns.js";
import type { StreamEvent } from "./stream-event.js";

type Batch = StreamEvent[] | undefined;
type Run = AsyncGenerator<StreamEvent[] | AnswerTurn, GenerateResult>;
type OnBatch<T> = (batch: Batch) => T | Promise<T>;
type OnFailure<T> = (error: unknown) => T | Promise<T>;

/**
 * The events of a call that runs on an engine. `prepare` is called with the first `next()`, so that it may throw.
 *
 * A turn that the run hands over is read from here directly: a read that went through the run's generator would cost
 * several more promises.
 */
export class RunSource implements EventSource {
  result: GenerateResult | undefined;
  onAborted: (() => void) | undefined;
  readonly #engine: Engine;
  readonly #prepare: () => PreparedCall;
  #call: PreparedCall | undefined;
  #run: Run | undefined;
  #turn: AnswerTurn | undefined;
  #aborted: { reason: unknown } | undefined;
  #reading = false;
  #failure: { error: unknown } | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(engine: Engine, prepare: () => PreparedCall) {
    this.#engine = engine;
    this.#prepare = prepare;
  }

  next(): Promise<Batch> {
    return this.pull(
      (batch) => batch,
      (error) => {
        throw error;
      },
    );
  }

  pull<T>(onBatch: OnBatch<T>, onFailure: OnFailure<T>): Promise<T> {
    if (!this.#reading) return this.#read(onBatch, onFailure);
    return new Promise((resolve) => this.#waiting.push(() => resolve(this.#read(onBatch, onFailure))));
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#call?.signal.abort(reason);
  }

  #read<T>(onBatch: OnBatch<T>, onFailure: OnFailure<T>): Promise<T> {
    if (this.#failure !== undefined) return this.#fail(this.#failure.error, onFailure);
    this.#reading = true;
    if (this.result !== undefined) return Promise.resolve(undefined).then((end) => this.#give(end, onBatch));
    const turn = this.#turn;
    if (turn !== undefined) {
      return turn.next(
        (batch) => {
          if (batch !== undefined) return this.#give(batch, onBatch);
          this.#turn = undefined;
          return this.#read(onBatch, onFailure);
        },
        (error) => {
          this.#turn = undefined;
          // The run explains the failure and puts everything back.
          return this.#goOn((this.#run as Run).throw(error), onBatch, onFailure);
        },
      );
    }
    try {
      this.#run ??= this.#start();
    } catch (error) {
      return this.#fail(error, onFailure);
    }
    return this.#goOn(this.#run.next(), onBatch, onFailure);
  }

  #goOn<T>(step: ReturnType<Run["next"]>, onBatch: OnBatch<T>, onFailure: OnFailure<T>): Promise<T> {
    return step.then(
      ({ done, value }) => {
        if (done) {
          this.result = value;
          return this.#give(undefined, onBatch);
        }
        if (Array.isArray(value)) return this.#give(value, onBatch);
        this.#turn = value;
        return this.#read(onBatch, onFailure);
      },
      (error) => this.#fail(error, onFailure),
    );
  }

  /** Pulls that wait for their turn meet the same failure. */
  #fail<T>(error: unknown, onFailure: OnFailure<T>): Promise<T> {
    this.#failure ??= { error };
    this.#free();
    return Promise.reject(error).catch(onFailure);
  }

  #give<T>(batch: Batch, onBatch: OnBatch<T>): T | Promise<T> {
    this.#free();
    return onBatch(batch);
  }

  /** The next pull in the line reads before what came of this one is looked at, which may pull again. */
  #free(): void {
    this.#reading = false;
    this.#waiting.shift()?.();
  }

  #start(): Run {
    this.#call = this.#prepare();
    const { signal } = this.#call;
    if (this.#aborted) signal.abort(this.#aborted.reason);
    else signal.signal.addEventListener("abort", () => this.onAborted?.(), { once: true });
    return runTurns(this.#engine, this.#call, true);
  }
}
