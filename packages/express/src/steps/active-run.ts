import type { runPipeline, StepEvent } from "@signalbox/core";

type PipelineRun = ReturnType<typeof runPipeline>;

/** A run that this process executes, whether or not somebody watches. */
export class ActiveRun {
  readonly runId: string;
  /** Resolves when the run has ended, however it ended. */
  readonly settled: Promise<void>;
  readonly #run: PipelineRun;
  readonly #events: StepEvent[] = [];
  #failure: { error: unknown } | undefined;
  #ended = false;
  #news = Promise.withResolvers<void>();

  /** @param onFault - hears what a step threw, and what kept the run from being executed */
  constructor(run: PipelineRun, onFault: (error: unknown, event: StepEvent | undefined) => void) {
    this.#run = run;
    this.runId = run.runId;
    this.settled = this.#execute(onFault);
  }

  abort(reason: unknown): void {
    this.#run.abort(reason);
  }

  /** Its end was told: what only failed, such as an attempt to resume, says nothing of the run. */
  get hasEnded(): boolean {
    return this.#events.at(-1)?.final === true;
  }

  /** Resolves with the first event; rejects with what kept the run from beginning. */
  async begun(): Promise<void> {
    for await (const _event of this.events()) return;
  }

  /** The events of this execution from its first one on. Throws what kept it from its final event. */
  async *events(): AsyncGenerator<StepEvent, void, void> {
    for (let index = 0; ; index++) {
      while (index >= this.#events.length) {
        if (this.#ended) {
          // What stopped a run stands on its final event already.
          if (this.#failure !== undefined && !this.#events.at(-1)?.final) throw this.#failure.error;
          return;
        }
        await this.#news.promise;
      }
      yield this.#events[index] as StepEvent;
    }
  }

  async #execute(onFault: (error: unknown, event: StepEvent | undefined) => void): Promise<void> {
    try {
      for await (const event of this.#run) {
        this.#events.push(event);
        if (event.cause !== undefined) onFault(event.cause, event);
        this.#announce();
      }
    } catch (error) {
      this.#failure = { error };
      onFault(error, undefined);
    } finally {
      this.#ended = true;
      this.#announce();
    }
  }

  #announce(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}
