import type { LedgerEntry } from "./fold-entries.js";

interface Waiting {
  entry: LedgerEntry;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers the entries of one turn of the event loop, and those that come while a batch is being written, into the next
 * batch: one write for all of them. An entry's promise is settled as its batch's write is.
 */
export class EntryBatches {
  readonly #write: (batch: readonly LedgerEntry[]) => void | Promise<void>;
  readonly #isOfOne: (error: unknown) => boolean;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  /** @param isOfOne - the failure may be one entry's own: the others are written without it */
  constructor(
    write: (batch: readonly LedgerEntry[]) => void | Promise<void>,
    isOfOne: (error: unknown) => boolean = () => false,
  ) {
    this.#write = write;
    this.#isOfOne = isOfOne;
  }

  add(entry: LedgerEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#writing ??= this.#run();
    });
  }

  /** Resolves once nothing waits to be written. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #run(): Promise<void> {
    // Whatever else this turn brings is written along.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#settle(batch);
    }
    this.#writing = undefined;
  }

  async #settle(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#write(batch.map(({ entry }) => entry));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length > 1 && this.#isOfOne(error)) for (const one of batch) await this.#settle([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}
