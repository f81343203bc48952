import type { RequestLogEntry } from "../requests/request-log-entry.js";

interface FaultTarget {
  /** How many requests it hits. @default 1 */
  times?: number | undefined;
  /** Hits only requests for which this holds; without it, POST requests (inference) only. */
  when?: ((request: RequestLogEntry) => boolean) | undefined;
}

/** An HTTP error with OpenRouter's envelope. */
export interface HttpFault extends FaultTarget {
  /** @default the recorded or documented text of the status */
  message?: string | undefined;
  /** `Retry-After`, in seconds or as an HTTP date. */
  retryAfter?: number | string | undefined;
  /** 429: OpenRouter's own limit, with `X-RateLimit-*` headers, instead of a provider's. @default false */
  platform?: boolean | undefined;
  /** Replaces `error.metadata`. */
  metadata?: Record<string, unknown> | undefined;
}

/** A fault in the body of an answer. */
export interface BodyFault extends FaultTarget {
  /** Deltas (streams) to deliver before it; without streaming, any number above 0 means half the body. @default 3 */
  after?: number | undefined;
}

export interface MidstreamErrorFault extends BodyFault {
  /** `error.code`. @default 502 */
  code?: number | string | undefined;
  message?: string | undefined;
  /** `error.metadata`. @default none in a stream; `provider_name` and `raw` without streaming */
  metadata?: Record<string, unknown> | undefined;
  /**
   * `documented`: finish_reason "error". `recorded`: finish_reason null; in a stream after a finish chunk, with usage
   * and before `[DONE]`. `no-choices`: `choices: []`, in a stream only. @default "documented"
   */
  form?: "documented" | "recorded" | "no-choices" | undefined;
}

export interface CutFault extends BodyFault {
  /** Close the socket inside the HTTP body instead of ending the body cleanly. @default false */
  abrupt?: boolean | undefined;
}

/** Keep-alives and nothing else. */
export interface CommentsOnlyFault extends FaultTarget {
  /** Milliseconds between two comments. @default 1000 */
  everyMs?: number | undefined;
}

/** Delays. */
export interface SlowFault extends FaultTarget {
  /** Milliseconds before the headers. @default 0 */
  delayMs?: number | undefined;
  /** Milliseconds between two pieces of a stream. @default 50 */
  everyMs?: number | undefined;
}

/** An error in a body with status 200. */
export interface ErrorBodyFault extends FaultTarget {
  /** `error.code`. @default 502 */
  code?: number | undefined;
  message?: string | undefined;
  /** Replaces `error.metadata`. @default the provider's name */
  metadata?: Record<string, unknown> | undefined;
}

/** The right body under a wrong content type. */
export interface ContentTypeFault extends FaultTarget {
  /** @default "text/plain" */
  contentType?: string | undefined;
}

export type HttpFaultKind =
  | "400"
  | "401"
  | "402"
  | "403"
  | "404"
  | "408"
  | "409"
  | "413"
  | "422"
  | "429"
  | "500"
  | "502"
  | "503"
  | "504"
  | "524"
  | "529";

/** Each fault and its options. */
export interface FaultOptions extends Record<HttpFaultKind, HttpFault> {
  /** A gateway's HTML page with status 502. */
  "html-502": FaultTarget;
  /** An error event after some text. */
  "midstream-error": MidstreamErrorFault;
  /** The body ends with neither finish nor `[DONE]`. */
  cut: CutFault;
  /** TCP reset in the body. */
  reset: BodyFault;
  /** TCP reset before the status line. */
  "reset-before-headers": FaultTarget;
  /** Silence in the body, the socket stays open. */
  stall: BodyFault;
  /** Silence before the status line. */
  "stall-before-headers": FaultTarget;
  /** Keep-alives and nothing else, for ever. */
  "comments-only": CommentsOnlyFault;
  /** An event (or body) that is not JSON. */
  "malformed-json": BodyFault;
  /** The answer's text inside a Markdown code fence. */
  "fenced-json": FaultTarget;
  /** The answer's text behind a `<think>` block. */
  "think-tags": FaultTarget;
  /** Status 200 with a JSON body that holds only an error, even for streams. */
  "error-200": ErrorBodyFault;
  /** Status 200, and the first and only event is an error. */
  "error-first-event": ErrorBodyFault;
  /** `[DONE]` without any finish word. */
  "no-finish": FaultTarget;
  /** No content of any kind and no finish word. */
  empty: FaultTarget;
  /** The right body under the wrong `Content-Type`. */
  "wrong-content-type": ContentTypeFault;
  slow: SlowFault;
}

/** The faults by name. */
export type FaultKind = keyof FaultOptions;

/** A fault waiting for its request. */
export type Fault = { [K in FaultKind]: { kind: K; options: FaultOptions[K] } }[FaultKind];
