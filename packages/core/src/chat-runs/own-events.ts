import type { Clock } from "../http/clock.js";
import type { RunStore, StepEvent } from "../steps/step-types.js";
import { runAborted } from "../steps/until-aborted.js";
import type { ChatRunEvents } from "./chat-run.js";
import type { FirstReader } from "./first-reader.js";
import { followChatRun } from "./follow-chat-run.js";

/** The events as the process that executes the run has them: the first reader needs no store to get them. */
export class OwnEvents implements ChatRunEvents {
  readonly runId: string;
  readonly after = 0;
  readonly #first: FirstReader;
  readonly #kept: { store: RunStore; clock: Clock };
  readonly #controller = new AbortController();

  constructor(runId: string, first: FirstReader, kept: { store: RunStore; clock: Clock }) {
    this.runId = runId;
    this.#first = first;
    this.#kept = kept;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StepEvent, void, void> {
    const { signal } = this.#controller;
    let after = 0;
    if (this.#first.claim()) {
      if ((yield* this.#live(signal)) === "final") return;
      after = this.#first.seen;
    }
    yield* followChatRun(this.#kept.store, this.runId, { after, signal, clock: this.#kept.clock });
  }

  fromStart(): AsyncIterable<StepEvent> {
    return this;
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }

  async *#live(signal: AbortSignal): AsyncGenerator<StepEvent, "final" | "sent", void> {
    const wake = () => this.#first.wake();
    signal.addEventListener("abort", wake, { once: true });
    try {
      return yield* this.#first.read(() => {
        if (signal.aborted) throw runAborted(signal);
      });
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }
}
