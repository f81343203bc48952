import type { RunJob } from "./queue-shapes.js";

/** Tells the job how far it is: the latest number, one at a time, so that a slow Redis holds nothing up. */
export class JobProgress {
  readonly #job: RunJob;
  readonly #onFault: (error: unknown) => void;
  #wanted: number | undefined;
  #told: number | undefined;
  #telling: Promise<void> | undefined;

  /** @param onFault - hears why it could not be told; the run goes on */
  constructor(job: RunJob, onFault: (error: unknown) => void) {
    this.#job = job;
    this.#onFault = onFault;
  }

  tell(progress: number): void {
    this.#wanted = progress;
    if (progress !== this.#told) this.#telling ??= Promise.resolve().then(() => this.#tell());
  }

  /** Resolves once the latest number is told. */
  async settled(): Promise<void> {
    await this.#telling;
  }

  async #tell(): Promise<void> {
    try {
      while (this.#wanted !== undefined && this.#wanted !== this.#told) {
        const progress = this.#wanted;
        await this.#job.updateProgress(progress);
        this.#told = progress;
      }
    } catch (error) {
      this.#onFault(error);
    } finally {
      this.#telling = undefined;
    }
  }
}
