import { createError } from "../errors/error-classes.js";
import type { LLMEvents } from "./llm.js";

const EVENTS = Object.keys({ usage: true, retry: true, warning: true } satisfies Record<keyof LLMEvents, true>);

type Listener = (value: never) => void;

/**
 * The client's listeners, each as often as it was added. One that throws, or rejects, is reported and never reaches the
 * call that was going on.
 */
export class Listeners {
  readonly #listeners = new Map<keyof LLMEvents, Set<{ listener: Listener }>>();
  readonly #onFault: (error: unknown) => void;

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  add<K extends keyof LLMEvents>(event: K, listener: (value: LLMEvents[K]) => void): () => void {
    if (!EVENTS.includes(event))
      throw createError("invalid_request", `there is no event "${String(event)}"; there are ${EVENTS.join(", ")}`);
    if (typeof listener !== "function")
      throw createError("invalid_request", `the listener of "${event}" is no function`);
    const set = this.#listeners.get(event) ?? new Set();
    const entry = { listener };
    this.#listeners.set(event, set);
    set.add(entry);
    return () => {
      set.delete(entry);
    };
  }

  emit<K extends keyof LLMEvents>(event: K, value: LLMEvents[K]): void {
    // Who is added meanwhile hears the next event.
    for (const { listener } of [...(this.#listeners.get(event) ?? [])]) {
      try {
        const answer: unknown = (listener as (value: LLMEvents[K]) => unknown)(value);
        if (answer instanceof Promise) answer.catch(this.#onFault);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }
}
