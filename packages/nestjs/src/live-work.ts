import { shuttingDown } from "@signalbox/core/node";

/** How long closing words may take to reach their readers, and the log. */
const LAST_WORDS_MS = 1_000;

/** What is going on when the application shuts down. */
export interface LiveWork {
  end(reason: unknown): void;
}

/** The streams that are being told and the runs that outlive their requests, and how both come to their end. */
export class LiveStreamsAndRuns {
  readonly #streams = new Set<LiveWork>();
  readonly #runs = new Set<LiveWork>();
  #graceMs = 0;
  #drained: Promise<void> | undefined;
  #news = Promise.withResolvers<void>();

  /** The longest grace that any client asks for counts. */
  giveGrace(ms: number): void {
    this.#graceMs = Math.max(this.#graceMs, ms);
  }

  /** @returns what says that the stream has come to its end */
  streams(work: LiveWork): () => void {
    return this.#add(this.#streams, work);
  }

  /** @returns what says that the run has ended and is written down */
  runs(work: LiveWork): () => void {
    return this.#add(this.#runs, work);
  }

  /** Waits as long as the grace lasts, then ends the streams and, once they are told, the runs. Idempotent. */
  drain(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  async #drain(): Promise<void> {
    await this.#until(() => this.#streams.size + this.#runs.size === 0, this.#graceMs);
    for (const stream of this.#streams) stream.end(shuttingDown());
    await this.#until(() => this.#streams.size === 0, LAST_WORDS_MS);
    for (const run of this.#runs) run.end(shuttingDown());
    await this.#until(() => this.#runs.size === 0, LAST_WORDS_MS);
  }

  #add(works: Set<LiveWork>, work: LiveWork): () => void {
    works.add(work);
    return () => {
      works.delete(work);
      this.#news.resolve();
      this.#news = Promise.withResolvers<void>();
    };
  }

  async #until(isOver: () => boolean, ms: number): Promise<void> {
    if (isOver() || ms <= 0) return;
    const late = Promise.withResolvers<"late">();
    const timer = setTimeout(late.resolve, ms, "late");
    while (!isOver()) if ((await Promise.race([this.#news.promise, late.promise])) === "late") break;
    clearTimeout(timer);
  }
}
