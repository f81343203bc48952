import type { LLMError } from "../errors/llm-error.js";

/** One HTTP request, with the clocks of its attempt in milliseconds; 0 is off. */
export interface TransportRequest {
  method: string;
  url: string;
  /** Lower-case names; values are already known to be legal. */
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array | undefined;
  signal?: AbortSignal | undefined;
  /** Until the socket is ready; a reused socket is. */
  connectMs: number;
  /** From the ready socket to the headers. */
  headersMs: number;
  /** Between any two bytes after the headers; not counted while the reader holds the source back. */
  idleMs: number;
  /** From sending to the last byte of the answer. @default 0 */
  answerMs?: number | undefined;
  /** Nobody waits for it: its socket does not keep the process alive, where the transport can tell it so. */
  background?: boolean | undefined;
  /**
   * Whether a request that met a kept connection just as the server closed it is sent again, once, over a new one.
   * Upstream may have seen it, though nothing came back. @default true
   */
  resend?: boolean | undefined;
  /** Whether a redirect is an answer like any other, for a caller who follows none either. @default false: refused */
  takesRedirects?: boolean | undefined;
}

/** Status and headers of an answer, with its body still to be read. */
export interface TransportAnswer {
  status: number;
  /** Lower-case names; repeated headers are joined with `, `. */
  headers: Readonly<Record<string, string>>;
  source: ByteSource;
}

/** Takes a body: any number of `onBytes`, then exactly one of `onEnd` and `onError`, then nothing. */
export interface ByteSink {
  onBytes(bytes: Uint8Array): void;
  onEnd(): void;
  onError(error: LLMError): void;
}

/**
 * A body, decoded from its content encoding. Nothing is read before `start`; `pause` and `resume` hold it back;
 * `destroy` closes the connection, after which the sink hears nothing more. `start` and `resume` may deliver at once.
 */
export interface ByteSource {
  start(sink: ByteSink): void;
  pause(): void;
  resume(): void;
  destroy(): void;
}

/**
 * Sends one request and resolves with the headers of its answer. No retry, no redirect is followed.
 *
 * Rejects with an {@link LLMError}: `invalid_request` (a header that cannot be sent), `connection`, `timeout`, `invalid_response` (a redirect that is not taken, not HTTP), `aborted`
 * with the signal's reason as `cause`. An abort closes the connection at once, during the body too.
 */
export interface Transport {
  (request: TransportRequest): Promise<TransportAnswer>;
  /** Closes what the transport itself opened; never an injected pool. */
  close?(): void;
}
