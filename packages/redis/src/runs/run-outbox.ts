import { isPassing } from "../connection/redis-unavailable-error.js";
import { logError } from "./log-unavailable.js";

/** Something to be written for a run, in its turn. */
export interface RunWrite {
  runId: string;
  /** Who writes: what one may not write any more says nothing about another one. */
  writer: string;
  bytes: number;
  /** The writer ends with it: nothing needs to be told to it any more. */
  isLast?: boolean | undefined;
  send(): Promise<void>;
}

interface Waiting {
  runId: string;
  writes: RunWrite[];
  /** Why the first of them could not be written. */
  cause: unknown;
  flushing: Promise<void> | undefined;
}

/** Redis tells when it is back; where it was there all along but not able, it is asked so often. */
const ASK_AGAIN_MS = 500;

/**
 * Writes at once, or keeps what is to be written, in order, until Redis is back. What Redis refuses for good is told to
 * the writer by its next write.
 */
export class RunOutbox {
  readonly #maxBytes: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #refused = new Map<string, unknown>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Resolves once it is written or waits for Redis. Throws what Redis refuses, and for what there is no room. */
  async write(write: RunWrite): Promise<void> {
    const name = nameOf(write);
    if (this.#refused.has(name)) throw this.#refused.get(name);
    const before = this.#waiting.get(name);
    if (before !== undefined) return this.#keep(name, write, before.cause);
    try {
      await write.send();
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.#keep(name, write, error);
    }
  }

  /** Tries to write everything that waits, of one run or of all; throws where some of it still waits. */
  async flush(runId?: string): Promise<void> {
    const due = [...this.#waiting].filter(([, waiting]) => runId === undefined || waiting.runId === runId);
    const outcomes = await Promise.allSettled(due.map(([name, waiting]) => this.#flushOne(name, waiting)));
    const failed = outcomes.find(({ status }) => status === "rejected");
    if (failed?.status !== "rejected") return;
    this.#askLater();
    throw failed.reason;
  }

  /** Whether something of the writer waits. */
  isWaiting(runId: string, writer: string): boolean {
    return this.#waiting.has(nameOf({ runId, writer }));
  }

  /** The writer has ended. */
  forget(runId: string, writer: string): void {
    this.#refused.delete(nameOf({ runId, writer }));
  }

  /** Gives up what waits and tells how much that was. */
  discard(): { writes: number; runs: number } {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const writes = [...this.#waiting.values()].reduce((sum, waiting) => sum + waiting.writes.length, 0);
    const runs = new Set([...this.#waiting.values()].map((waiting) => waiting.runId)).size;
    this.#waiting.clear();
    this.#bytes = 0;
    return { writes, runs };
  }

  #keep(name: string, write: RunWrite, cause: unknown): void {
    if (this.#bytes + write.bytes > this.#maxBytes) {
      throw logError(`${this.#bytes} bytes of runs wait for Redis already`, cause);
    }
    const waiting = this.#waiting.get(name) ?? { runId: write.runId, writes: [], cause, flushing: undefined };
    this.#waiting.set(name, waiting);
    waiting.writes.push(write);
    this.#bytes += write.bytes;
    this.#askLater();
  }

  #flushOne(name: string, waiting: Waiting): Promise<void> {
    waiting.flushing ??= this.#send(name, waiting).finally(() => {
      waiting.flushing = undefined;
    });
    return waiting.flushing;
  }

  async #send(name: string, waiting: Waiting): Promise<void> {
    for (let write = waiting.writes[0]; write !== undefined; write = waiting.writes[0]) {
      try {
        await write.send();
      } catch (error) {
        if (isPassing(error)) throw error;
        if (!waiting.writes.some(({ isLast }) => isLast)) this.#refused.set(name, error);
        for (const { bytes } of waiting.writes.splice(1)) this.#bytes -= bytes;
      }
      waiting.writes.shift();
      this.#bytes -= write.bytes;
    }
    // In one turn with the check above: what comes from now on is written at once.
    this.#waiting.delete(name);
  }

  #askLater(): void {
    // What comes meanwhile does not put it off: a run that tells all the time would never be written.
    if (this.#waiting.size === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush().catch(() => {
        // It waits on, and is asked for again.
      });
    }, ASK_AGAIN_MS);
    this.#timer.unref();
  }
}

const nameOf = ({ runId, writer }: Pick<RunWrite, "runId" | "writer">) => JSON.stringify([runId, writer]);
