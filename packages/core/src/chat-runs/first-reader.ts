import { createError } from "../errors/error-classes.js";
import type { StepEvent } from "../steps/step-types.js";

/** How many characters wait for a reader before it is sent to the store for them. */
const MOST_WAITING = 1_048_576;

interface Waiting {
  event: StepEvent;
  size: number;
}

/**
 * The one reader that gets events from the run itself, as they happen. One that is slow, or does not come, is sent to
 * the store: memory is bounded. Where nothing is kept in a store, the run waits for it.
 */
export class FirstReader {
  readonly #canFollow: () => boolean;
  #waiting: Waiting[] = [];
  #size = 0;
  #seen = 0;
  #state: "free" | "reading" | "gone" = "free";
  #isSent = false;
  #news = Promise.withResolvers<void>();
  #room = Promise.withResolvers<void>();

  /** @param canFollow - whether the store has, or will have, every event */
  constructor(canFollow: () => boolean) {
    this.#canFollow = canFollow;
  }

  /** The event that was read last. */
  get seen(): number {
    return this.#seen;
  }

  push(event: StepEvent, size: number): void {
    if (this.#state === "gone" || this.#isSent) return;
    this.#waiting.push({ event, size });
    this.#size += size;
    // Nobody waits for whoever has not come.
    if (this.#size > MOST_WAITING && (this.#canFollow() || this.#state === "free")) this.#send();
    this.wake();
  }

  /** Resolves once the reader has taken enough for the run to go on; undefined where it may go on now. */
  waitForRoom(): Promise<void> | undefined {
    if (this.#size <= MOST_WAITING) return undefined;
    this.#room = Promise.withResolvers<void>();
    return this.#room.promise;
  }

  /** True for the first who asks: it reads here, everybody else reads the store. */
  claim(): boolean {
    if (this.#state !== "free" || (this.#isSent && this.#canFollow())) return false;
    this.#state = "reading";
    return true;
  }

  /** Lets the reader look at its signal. */
  wake(): void {
    this.#news.resolve();
  }

  /** What is read here; ends behind the final event, or where the reader has to go on in the store. */
  async *read(stopped: () => void): AsyncGenerator<StepEvent, "final" | "sent", void> {
    try {
      for (;;) {
        stopped();
        const next = this.#waiting.shift();
        if (next !== undefined) {
          this.#size -= next.size;
          this.#seen = next.event.seq;
          if (this.#size <= MOST_WAITING) this.#room.resolve();
          yield next.event;
          if (next.event.final) return "final";
        } else if (this.#isSent) {
          if (this.#canFollow()) return "sent";
          throw createError("provider_error", "the run is not kept, and was not read in time", { retryable: false });
        } else {
          this.#news = Promise.withResolvers<void>();
          await this.#news.promise;
        }
      }
    } finally {
      this.#state = "gone";
      this.#drop();
    }
  }

  #send(): void {
    this.#isSent = true;
    this.#drop();
  }

  #drop(): void {
    this.#waiting = [];
    this.#size = 0;
    this.#room.resolve();
  }
}
