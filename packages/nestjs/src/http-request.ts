import type { LLM } from "@signalbox/core";
import type { ServerAnswer, ServerRequest } from "@signalbox/core/node";
import { disconnectSignal } from "@signalbox/core/node";

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
  #signal: AbortSignal | undefined;
  #runSignal: AbortSignal | undefined;

  /** @param followed - the clients whose calls end with this request */
  constructor(request: object, response: object, followed: ReadonlySet<LLM>) {
    this.request = request as FrameworkRequest;
    this.response = response;
    this.#followed = followed;
    known.set(rawRequest(request), this);
  }

  /** What is known of a request of Express or Fastify, or of Node itself. */
  static of(request: object): HttpRequest | undefined {
    return known.get(rawRequest(request));
  }

  /** Aborts when the client leaves before its answer is finished. */
  get signal(): AbortSignal {
    this.#signal ??= disconnectSignal(rawRequest(this.request) as ServerRequest, rawResponse(this.response));
    return this.#signal;
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
