import type { PipelineRun, StepEvent } from "@signalbox/core";

/** Hears what a step threw, and what kept a run from its end. */
export type RunFault = (error: unknown, run: { runId: string; step?: string | undefined }) => void;

/** A run that this process executes, watched or not. */
export class LiveRun {
  readonly runId: string;
  /** Resolves once the run has ended, however it did. */
  readonly ended: Promise<void>;
  readonly #run: PipelineRun;
  readonly #log: StepEvent[] = [];
  #isOver = false;
  #failure: unknown;
  #next = Promise.withResolvers<void>();

  constructor(run: PipelineRun, onFault: RunFault) {
    this.#run = run;
    this.runId = run.runId;
    this.ended = this.#execute(onFault);
  }

  abort(reason: unknown): void {
    this.#run.abort(reason);
  }

  /** Its end was told: what only failed, such as an attempt to resume, says nothing of the run. */
  get hasEnded(): boolean {
    return this.#log.at(-1)?.final === true;
  }

  /** Resolves once the run has begun; rejects with what kept it from that. */
  async begun(): Promise<void> {
    while (this.#log.length === 0 && !this.#isOver) await this.#next.promise;
    if (this.#log.length === 0) throw this.#failure;
  }

  /** What this execution tells, from its first event on; fails with what kept it from its final one. */
  async *events(): AsyncGenerator<StepEvent, void, void> {
    for (let told = 0; ; ) {
      const event = this.#log[told];
      if (event !== undefined) {
        told += 1;
        yield event;
      } else if (!this.#isOver) {
        await this.#next.promise;
      } else {
        // A run that was stopped says so in its final event.
        if (this.#failure !== undefined && !this.#log.at(-1)?.final) throw this.#failure;
        return;
      }
    }
  }

  async #execute(onFault: RunFault): Promise<void> {
    const { runId } = this;
    try {
      for await (const event of this.#run) {
        this.#log.push(event);
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
    this.#next.resolve();
    this.#next = Promise.withResolvers<void>();
  }
}
