import type { PipelineRun } from "../steps/run-pipeline.js";
import type { StepEvent } from "../steps/step-types.js";

/** A run of a pipeline that this process executes, watched or not. */
export class ExecutedRun {
  /** What others follow it by. */
  readonly runId: string;
  /** Resolves once the run has ended, however it did. Never rejects. */
  readonly settled: Promise<void>;
  readonly #run: PipelineRun;
  readonly #told: StepEvent[] = [];
  #isOver = false;
  #failure: unknown;
  #news = Promise.withResolvers<void>();

  /**
   * Reads the run to its end.
   *
   * @param onFault - hears what a step threw, and what kept the run from its end. Must not throw
   */
  constructor(run: PipelineRun, onFault: (error: unknown, run: { runId: string; step?: string | undefined }) => void) {
    this.#run = run;
    this.runId = run.runId;
    this.settled = this.#execute(onFault);
  }

  /** Its end was told: what only failed, such as an attempt to resume, says nothing of the run. */
  get hasEnded(): boolean {
    return this.#told.at(-1)?.final === true;
  }

  /** Ends the run and its calls upstream, for all who follow it. Idempotent. */
  cancel(reason?: unknown): void {
    this.#run.abort(reason);
  }

  /** Resolves once the run has begun; rejects with what kept it from that. */
  async begun(): Promise<void> {
    while (this.#told.length === 0 && !this.#isOver) await this.#news.promise;
    if (this.#told.length === 0) throw this.#failure;
  }

  /** The events of this execution from its first one on, for any number of readers. Throws what kept it from its end. */
  async *events(): AsyncGenerator<StepEvent, void, void> {
    for (let index = 0; ; ) {
      const event = this.#told[index];
      if (event !== undefined) {
        index += 1;
        yield event;
      } else if (!this.#isOver) {
        await this.#news.promise;
      } else {
        // What stopped a run stands on its final event already.
        if (this.#failure !== undefined && !this.hasEnded) throw this.#failure;
        return;
      }
    }
  }

  async #execute(onFault: (error: unknown, run: { runId: string; step?: string | undefined }) => void): Promise<void> {
    const { runId } = this;
    try {
      for await (const event of this.#run) {
        this.#told.push(event);
        if (event.cause !== undefined) onFault(event.cause, { runId, step: event.step });
        this.#tell();
      }
    } catch (error) {
      this.#failure = error;
      onFault(error, { runId });
    } finally {
      this.#isOver = true;
      this.#tell();
    }
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}
