import type { LLM } from "@signalbox/core";
import type { ServerAnswer, ServerRequest } from "@signalbox/core/node";
import { disconnectSignal } from "@signalbox/core/node";
import type { LiveStreamsAndRuns } from "./live-work.js";

/** What is known of every request of every platform. */
export interface FrameworkRequest {
  headers: Record<string, string | string[] | undefined>;
  /** Where guards put whom they have recognised. */
  user?: unknown;
}

/** One HTTP request while it is answered. */
export class HttpRequest {
  /** The framework's request; Node's own until the framework has made one. */
  request: FrameworkRequest;
  /** The framework's response, or Node's. */
  readonly response: object;
  readonly #followed: ReadonlySet<LLM>;
  readonly #live: LiveStreamsAndRuns;
  readonly #end = new AbortController();
  #signal: AbortSignal | undefined;
  #runSignal: AbortSignal | undefined;

  /**
   * @param followed - the clients whose calls end with this request
   * @param live - where streams are known to whoever ends them
   */
  constructor(request: object, response: object, followed: ReadonlySet<LLM>, live: LiveStreamsAndRuns) {
    this.request = request as FrameworkRequest;
    this.response = response;
    this.#followed = followed;
    this.#live = live;
    known.set(rawRequest(request), this);
  }

  /** What is known of a request of Express or Fastify, or of Node itself. */
  static of(request: object): HttpRequest | undefined {
    return known.get(rawRequest(request));
  }

  /** Aborts when the client leaves before its answer is finished, or when the application cannot wait for it. */
  get signal(): AbortSignal {
    this.#signal ??= AbortSignal.any([
      disconnectSignal(rawRequest(this.request) as ServerRequest, rawResponse(this.response)),
      this.#end.signal,
    ]);
    return this.#signal;
  }

  /**
   * It is answered by a stream, which is waited for when the application shuts down; what outlasts the grace is ended,
   * and so are the request's calls.
   *
   * @param stop - ends the stream where its calls are not this request's
   * @returns what says that the answer is over
   */
  streams(stop: (reason: unknown) => void): () => void {
    const end = (reason: unknown) => {
      this.#end.abort(reason);
      stop(reason);
    };
    return this.#live.streams({ end });
  }

  /** What ends a call that is made for this request now. */
  get signals(): AbortSignal[] {
    return this.#runSignal === undefined ? [this.signal] : [this.signal, this.#runSignal];
  }

  /** Runs the rest of the request; its calls end with it. */
  run<T>(fn: () => T): T {
    return this.#until(this.signal, fn);
  }

  /** Runs its handler, whose calls end with `signal` as well. */
  handle<T>(signal: AbortSignal, fn: () => T): T {
    this.#runSignal = signal;
    return this.#until(signal, fn);
  }

  #until<T>(signal: AbortSignal, fn: () => T): T {
    return [...this.#followed].reduce((inner, client) => () => client.run({ signal }, inner), fn)();
  }
}

const known = new WeakMap<object, HttpRequest>();

/** Node's request under the one of Express (itself) or Fastify (`request.raw`). */
export function rawRequest(request: object): object {
  return rawOf(request);
}

/** Node's response under the one of Express (itself) or Fastify (`reply.raw`). */
export function rawResponse(response: object): ServerAnswer {
  return rawOf(response) as ServerAnswer;
}

function rawOf(object: object): object {
  const { raw } = object as { raw?: unknown };
  return typeof raw === "object" && raw !== null ? raw : object;
}
