import { createError } from "../errors/error-classes.js";
import type { Clock } from "./clock.js";
import { Exchange } from "./exchange.js";
import { headerRecord } from "./header-record.js";
import { type DispatcherLike, isDispatcher } from "./is-dispatcher.js";
import type { Transport, TransportRequest } from "./transport.js";

interface Controller {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/**
 * A transport over a given undici Dispatcher, called by `dispatch()`. Its own connect timeout applies; its headers and
 * body timeouts are switched off for ours. It is never closed from here.
 *
 * @throws ConfigurationError `invalid_config` where the value has no `dispatch` method
 */
export function dispatcherTransport(dispatcher: unknown, clock: Clock): Transport {
  if (!isDispatcher(dispatcher)) {
    throw createError("invalid_config", "dispatcher must be an undici Dispatcher: it has no dispatch() method");
  }
  return (request) => {
    const exchange = new Exchange(request, clock);
    const { answer } = exchange;
    if (exchange.open) send(dispatcher, request, exchange);
    return answer;
  };
}

function send(dispatcher: DispatcherLike, request: TransportRequest, exchange: Exchange): void {
  let controller: Controller | undefined;
  exchange.attach({
    start: () => controller?.resume(),
    pause: () => controller?.pause(),
    resume: () => controller?.resume(),
    destroy: () => controller?.abort(new Error("closed")),
  });
  const url = new URL(request.url);
  const options = {
    origin: url.origin,
    path: url.pathname + url.search,
    method: request.method,
    headers: { ...request.headers },
    body: request.body ?? null,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const handler = {
    onRequestStart(started: Controller) {
      controller = started;
      if (exchange.open) exchange.connected();
      else started.abort(new Error("closed"));
    },
    onResponseStart(_: Controller, status: number, fields: Record<string, string | string[] | undefined>) {
      if (status < 200 || controller === undefined) return;
      // Held back until the reader starts, as every source is.
      controller.pause();
      const headers = headerRecord(fields);
      exchange.headers(status, headers, headers["content-encoding"]);
    },
    onResponseData: (_: Controller, bytes: Uint8Array) => exchange.bytes(bytes),
    onResponseEnd: () => exchange.ended(),
    onResponseError: (_: Controller, error: unknown) => exchange.failed(error),
  };
  try {
    dispatcher.dispatch(options, handler);
  } catch (error) {
    exchange.failed(error);
  }
}
