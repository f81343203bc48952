import type { Clock } from "./clock.js";
import { dispatcherTransport } from "./dispatcher-transport.js";
import type { FetchLike } from "./fetch-like.js";
import { fetchTransport } from "./fetch-transport.js";
import { nodeTransport } from "./node-transport.js";
import type { ProxyVariables } from "./proxy-variables.js";
import type { Transport } from "./transport.js";

/** What decides which transport a client uses. */
export interface TransportOptions {
  clock: Clock;
  fetch?: FetchLike | undefined;
  dispatcher?: unknown;
  /** For `node:http(s)` only. @default process.env */
  proxies?: ProxyVariables | undefined;
}

/**
 * The transport of a client: the given `fetch`, else the given dispatcher, else `node:http(s)`. Opens nothing.
 *
 * @throws ConfigurationError `invalid_config` where `dispatcher` is not one
 */
export function createTransport({ clock, fetch, dispatcher, proxies }: TransportOptions): Transport {
  if (fetch !== undefined) return fetchTransport(fetch, clock);
  if (dispatcher !== undefined) return dispatcherTransport(dispatcher, clock);
  return nodeTransport({ clock, env: proxies });
}
