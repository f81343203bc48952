import type { ProviderRouting } from "./provider-routing.js";
import type { RetryOptions, TimeoutOptions } from "./request-timing.js";
import type { Trace } from "./wire-options.js";

/** What requests for vectors and for an order of documents have in common. */
export interface JsonRequest {
  /** @default the client's */
  model?: string | undefined;
  /** A stable id of your end user. */
  user?: string | undefined;
  /** Groups requests in OpenRouter's records, up to 256 characters; sent as `x-session-id`. */
  sessionId?: string | undefined;
  /** In wire shape. */
  trace?: Trace | undefined;
  routing?: ProviderRouting | undefined;
  /** Further wire fields; wins over typed options, never over policy. */
  extraBody?: Readonly<Record<string, unknown>> | undefined;
  /** Further request headers, over those of typed options; authorization, host and content-length are refused. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Aborting it closes the connection and rejects with `aborted`. */
  signal?: AbortSignal | undefined;
  timeouts?: TimeoutOptions | undefined;
  retry?: false | RetryOptions | undefined;
}
