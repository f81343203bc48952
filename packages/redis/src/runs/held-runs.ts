/** A run that this process has leased. */
export interface HeldRun {
  runId: string;
  holder: string;
  /** For how long it was leased last. */
  ms: number;
}

/** The runs that this process has leased. */
export class HeldRuns {
  readonly #runs = new Map<string, HeldRun>();

  /** Gives what forgets the run again, unless it was held before. */
  keep(runId: string, ms: number, holder: string): () => void {
    const name = nameOf(runId, holder);
    const wasHeld = this.#runs.has(name);
    this.#runs.set(name, { runId, ms, holder });
    return () => {
      if (!wasHeld) this.#runs.delete(name);
    };
  }

  has(runId: string, holder: string): boolean {
    return this.#runs.has(nameOf(runId, holder));
  }

  drop(runId: string, holder: string): void {
    this.#runs.delete(nameOf(runId, holder));
  }

  all(): HeldRun[] {
    return [...this.#runs.values()];
  }
}

const nameOf = (runId: string, holder: string) => JSON.stringify([runId, holder]);
