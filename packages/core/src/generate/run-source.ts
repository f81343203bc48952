import type { Engine } from "./engine.js";
import type { EventSource } from "./event-source.js";
import type { GenerateResult } from "./generate-result.js";
import type { PreparedCall } from "./prepare-call.js";
import { runTurns } from "./run-turns.js";
import type { StreamEvent } from "./stream-event.js";

/** The events of a call that runs on an engine. `prepare` is called with the first `next()`, so that it may throw. */
export class RunSource implements EventSource {
  result: GenerateResult | undefined;
  onAborted: (() => void) | undefined;
  readonly #engine: Engine;
  readonly #prepare: () => PreparedCall;
  #call: PreparedCall | undefined;
  #turns: AsyncGenerator<StreamEvent[], GenerateResult> | undefined;
  #aborted: { reason: unknown } | undefined;

  constructor(engine: Engine, prepare: () => PreparedCall) {
    this.#engine = engine;
    this.#prepare = prepare;
  }

  next(): Promise<StreamEvent[] | undefined> {
    if (this.result !== undefined) return Promise.resolve(undefined);
    try {
      this.#turns ??= this.#start();
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#turns.next().then((turn) => {
      if (!turn.done) return turn.value;
      // A generator that has ended says so with nothing; pulls may overlap.
      this.result ??= turn.value;
      return undefined;
    });
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#call?.signal.abort(reason);
  }

  #start(): AsyncGenerator<StreamEvent[], GenerateResult> {
    this.#call = this.#prepare();
    const { signal } = this.#call;
    if (this.#aborted) signal.abort(this.#aborted.reason);
    else signal.signal.addEventListener("abort", () => this.onAborted?.(), { once: true });
    return runTurns(this.#engine, this.#call, true);
  }
}
