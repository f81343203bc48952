import { createError } from "../errors/error-classes.js";
import type { Clock } from "./clock.js";
import { Exchange, type Wire } from "./exchange.js";
import type { FetchInit, FetchLike } from "./fetch-like.js";
import type { Transport, TransportRequest } from "./transport.js";

/**
 * A transport over a given `fetch`. Connecting is not visible from here, so `connectMs` is left to it; all other
 * clocks, the abort and the refusal of redirects are ours.
 */
export function fetchTransport(fetch: FetchLike, clock: Clock): Transport {
  return (request) => {
    const exchange = new Exchange(request, clock);
    const { answer } = exchange;
    if (exchange.open) send(fetch, request, exchange);
    return answer;
  };
}

function send(fetch: FetchLike, request: TransportRequest, exchange: Exchange): void {
  const controller = new AbortController();
  const close = () => controller.abort();
  exchange.attach({ start() {}, pause() {}, resume() {}, destroy: close });
  exchange.connected();
  const init: FetchInit = {
    method: request.method,
    headers: { ...request.headers },
    signal: controller.signal,
    redirect: "manual",
  };
  if (request.body !== undefined) init.body = request.body;
  new Promise<Response>((resolve) => resolve(fetch(request.url, init)))
    .then(
      (response) => receive(response, exchange, close),
      (error) => exchange.failed(error),
    )
    .catch((cause) => exchange.failed(createError("invalid_response", "fetch gave no readable Response", { cause })));
}

function receive(response: Response, exchange: Exchange, close: () => void): void {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  if (!exchange.open) {
    close();
    return;
  }
  const elsewhere = response.type === "opaqueredirect" || response.redirected;
  exchange.attach(new BodyPump(response, exchange, close));
  if (elsewhere) exchange.redirected(302, headers.location);
  else exchange.headers(response.status, headers);
  if (response.body === null) exchange.ended();
}

class BodyPump implements Wire {
  readonly #exchange: Exchange;
  readonly #close: () => void;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #reading = false;
  #paused = false;

  constructor(response: Response, exchange: Exchange, close: () => void) {
    this.#exchange = exchange;
    this.#close = close;
    this.#reader = response.body?.getReader();
  }

  start(): void {
    this.#pull();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#pull();
  }

  destroy(): void {
    this.#paused = true;
    this.#close();
    // The exchange has already told how it ended; a refusal to cancel adds nothing.
    this.#reader?.cancel().catch(() => undefined);
  }

  #pull(): void {
    if (this.#reading || this.#paused || this.#reader === undefined) return;
    this.#reading = true;
    this.#reader.read().then(
      ({ done, value }) => {
        this.#reading = false;
        if (done) return this.#exchange.ended();
        this.#exchange.bytes(value);
        this.#pull();
      },
      (error) => this.#exchange.failed(error),
    );
  }
}
