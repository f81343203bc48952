import { AsyncLocalStorage } from "node:async_hooks";
import { HandlerRun } from "./handler-run.js";

type Handler = (this: unknown, ...args: never[]) => unknown;

const calls = new AsyncLocalStorage<HandlerCall | undefined>();

/**
 * One call of a handler by Nest, as its interceptor sees it coming. What the handler returns is taken right behind the
 * handler: Nest would subscribe to an Observable itself and hand on its values, and however the decorators are
 * ordered, every interceptor is to stand around the answer.
 */
export class HandlerCall {
  readonly #handler: unknown;
  readonly #answer: (handle: () => unknown, run: HandlerRun) => unknown;
  #run: HandlerRun | undefined;

  /** @param answer - runs the handler, and makes what Nest gets of what it returned */
  constructor(handler: unknown, answer: (handle: () => unknown, run: HandlerRun) => unknown) {
    this.#handler = handler;
    this.#answer = answer;
  }

  /** Runs what calls the handler, which an interceptor in between may do more than once. */
  run<T>(fn: () => T): T {
    return calls.run(this, fn);
  }

  /** Nobody waits for the answer any more. */
  giveUp(): void {
    this.#run?.giveUp();
  }

  /** A handler whose calls by Nest are answered by their interceptor; called by anything else it is what it was. */
  static answered(handler: Handler): Handler {
    const answered = new Proxy(handler, {
      apply(target, self, args: never[]) {
        const call = calls.getStore();
        const handle = () => target.apply(self, args);
        if (call === undefined || call.#handler !== answered) return handle();
        // What a handler calls itself is not what Nest has called.
        return calls.run(undefined, () => call.#begin(handle));
      },
    });
    return answered;
  }

  #begin(handle: () => unknown): unknown {
    // Whoever calls it again has given up what came before.
    this.giveUp();
    this.#run = new HandlerRun();
    return this.#answer(handle, this.#run);
  }
}
