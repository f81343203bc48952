import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import type { Clock, Timer } from "../http/clock.js";

/**
 * Joins everything that may end a call (the caller's signals, the client's closing, the total clock and the
 * stream's own `abort()`) into one signal. `release()` takes all listeners back.
 */
export class CallSignal {
  readonly #controller = new AbortController();
  readonly #sources: readonly (AbortSignal | undefined)[];
  #timer: Timer | undefined;

  constructor(sources: readonly (AbortSignal | undefined)[], totalMs: number, clock: Clock) {
    this.#sources = sources;
    for (const source of sources) {
      if (source?.aborted) this.abort(source.reason);
      else if (source !== undefined) follow(source, this);
    }
    if (totalMs > 0) this.#timer = clock.after(totalMs, () => this.abort(tooLong(totalMs)));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason?: unknown): void {
    if (!this.#controller.signal.aborted) this.#controller.abort(reason);
  }

  release(): void {
    this.#timer?.clear();
    for (const source of this.#sources) if (source !== undefined) leave(source, this);
  }
}

interface Followers {
  calls: Set<CallSignal>;
  onAbort(): void;
}

/** One listener a signal, however many calls follow it: an EventTarget looks through all of them for each new one. */
const FOLLOWERS = new WeakMap<AbortSignal, Followers>();

function follow(source: AbortSignal, call: CallSignal): void {
  let followers = FOLLOWERS.get(source);
  if (followers === undefined) {
    const calls = new Set<CallSignal>();
    followers = {
      calls,
      onAbort() {
        for (const one of calls) one.abort(source.reason);
      },
    };
    FOLLOWERS.set(source, followers);
    source.addEventListener("abort", followers.onAbort, { once: true });
  }
  followers.calls.add(call);
}

function leave(source: AbortSignal, call: CallSignal): void {
  const followers = FOLLOWERS.get(source);
  if (!followers?.calls.delete(call) || followers.calls.size > 0) return;
  FOLLOWERS.delete(source);
  source.removeEventListener("abort", followers.onAbort);
}

const OWN_REASONS = new WeakSet<LLMError>();

/** Marks an error as a reason of ours: a call that it ends fails with it, not with `aborted`. */
export function ownReason(error: LLMError): LLMError {
  OWN_REASONS.add(error);
  return error;
}

/** The error that an aborted signal stands for: our own reason as it is, anything else as the cause of `aborted`. */
export function abortError({ reason }: Pick<AbortSignal, "reason">): LLMError {
  if (OWN_REASONS.has(reason)) return reason;
  return createError("aborted", "the call was aborted", { cause: reason });
}

/** What a call fails with that took longer than its total time. */
export function tooLong(totalMs: number): LLMError {
  const text = `total timeout: the call took longer than ${totalMs} ms`;
  return ownReason(createError("timeout", text, { phase: "total", retryable: false }));
}
