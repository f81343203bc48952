import { lazyPart } from "../errors/lazy-part.js";
import type { Clock } from "./clock.js";
import type { FetchLike } from "./fetch-like.js";
import { nodeTransport } from "./node-transport.js";
import type { ProxyVariables } from "./proxy-variables.js";
import type { Transport, TransportRequest } from "./transport.js";

/** What decides which transport a client uses. */
export interface TransportOptions {
  clock: Clock;
  fetch?: FetchLike | undefined;
  dispatcher?: unknown;
  /** For `node:http(s)` only. @default process.env */
  proxies?: ProxyVariables | undefined;
}

/** The transport of a client: the given `fetch`, else the given dispatcher, else `node:http(s)`. Opens nothing. */
export function createTransport({ clock, fetch, dispatcher, proxies }: TransportOptions): Transport {
  if (fetch !== undefined) return late((given) => given.fetchTransport(fetch, clock));
  if (dispatcher !== undefined) return late((given) => given.dispatcherTransport(dispatcher, clock));
  return nodeTransport({ clock, env: proxies });
}

type GivenTransports = typeof import("./given-transports.js");
const givenTransports = /* @__PURE__ */ lazyPart(() => import("./given-transports.js"));

/** A transport that is loaded with its first request. It has nothing of its own to close. */
function late(open: (given: GivenTransports) => Transport): Transport {
  let transport: Transport | undefined;
  const send = (request: TransportRequest, given: GivenTransports) => {
    transport ??= open(given);
    return transport(request);
  };
  return (request) =>
    givenTransports.loaded === undefined
      ? givenTransports().then((given) => send(request, given))
      : send(request, givenTransports.loaded);
}
