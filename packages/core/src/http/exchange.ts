import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import { aborted } from "./aborted.js";
import type { Clock, Timer } from "./clock.js";
import { connectionFailure } from "./connection-failure.js";
import { decodeContent } from "./content-encoding.js";
import { illegalHeader } from "./header-text.js";
import { redirectError } from "./redirect.js";
import type { ByteSink, ByteSource, TransportAnswer, TransportRequest } from "./transport.js";

/** What an exchange steers of the connection under it. */
export interface Wire {
  start(): void;
  pause(): void;
  resume(): void;
  destroy(): void;
}

/**
 * One request's life on any transport: its clocks, its signal, and that it settles once. A transport reports what
 * happens on the wire; an exchange turns that into a {@link TransportAnswer} and, for the body, into a byte source.
 */
export class Exchange implements ByteSource {
  /** Let go of once it is settled and taken: a stream would keep its headers to its end. */
  #pending: PromiseWithResolvers<TransportAnswer> | undefined = Promise.withResolvers();
  #state: "waiting" | "answered" | "closed" = "waiting";
  #wire: Wire | undefined;
  #sink: ByteSink | undefined;
  #outcome: LLMError | "end" | undefined;
  #paused = false;
  #lastByte = 0;
  #phaseTimer: Timer | undefined;
  #idleTimer: Timer | undefined;
  #answerTimer: Timer | undefined;
  #request: TransportRequest;
  readonly #clock: Clock;
  readonly #onAbort = () => this.#finish(aborted(this.#request.signal as AbortSignal));

  constructor(request: TransportRequest, clock: Clock) {
    this.#request = request;
    this.#clock = clock;
    const { signal, answerMs = 0 } = request;
    const illegal = illegalHeader(request.headers);
    if (signal?.aborted) this.#finish(aborted(signal));
    else if (illegal !== undefined) this.#finish(illegalHeaderError(illegal));
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (answerMs > 0 && this.open)
      this.#answerTimer = clock.after(answerMs, () => this.#timeOut("first_token", answerMs));
  }

  /** The answer: for the transport to take before it sends, because it may come at once. */
  get answer(): Promise<TransportAnswer> {
    return (this.#pending as PromiseWithResolvers<TransportAnswer>).promise;
  }

  /** False once the exchange has failed, ended or been destroyed. */
  get open(): boolean {
    return this.#state !== "closed";
  }

  attach(wire: Wire): void {
    this.#wire = wire;
    if (this.#state === "closed") wire.destroy();
  }

  /** A new socket is being opened. */
  connecting(): void {
    this.#arm("connect", this.#request.connectMs);
  }

  /** The request is on its way over a ready socket. */
  connected(): void {
    if (this.#state === "waiting") this.#arm("idle", this.#request.headersMs);
  }

  /** Headers arrived. `encoding` names what the body must still be decoded from. */
  headers(status: number, headers: Record<string, string>, encoding?: string): void {
    if (this.#state !== "waiting") return;
    const source = encoding === undefined ? this : decodeContent(this, encoding);
    if (status >= 300 && status < 400 && this.#request.takesRedirects !== true) {
      this.redirected(status, headers.location);
    } else if (source === undefined) {
      this.#finish(createError("invalid_response", "the content encoding is not supported"));
    } else {
      this.#phaseTimer?.clear();
      this.#state = "answered";
      this.#request = withoutBody(this.#request);
      this.#lastByte = this.#clock.now();
      this.#watchIdle(this.#request.idleMs);
      this.#pending?.resolve({ status, headers, source });
      this.#pending = undefined;
    }
  }

  /** The answer is somewhere else. */
  redirected(status: number, location: string | undefined): void {
    this.#finish(redirectError(status, location, this.#request.url));
  }

  bytes(bytes: Uint8Array): void {
    if (this.#state !== "answered") return;
    this.#lastByte = this.#clock.now();
    this.#sink?.onBytes(bytes);
  }

  ended(): void {
    if (this.#state === "answered") this.#finish("end");
  }

  failed(error: unknown): void {
    if (this.#state === "closed") return;
    const stage = this.#state === "waiting" ? "before_headers" : "streaming";
    const { url, headers } = this.#request;
    const secret = headers.authorization?.replace(/^\S+\s+/, "");
    this.#finish(connectionFailure(error, stage, new URL(url).origin, secret === undefined ? [] : [secret]));
  }

  start(sink: ByteSink): void {
    this.#sink = sink;
    if (this.#outcome !== undefined) this.#tell(this.#outcome);
    else if (this.#state === "answered") this.#wire?.start();
  }

  pause(): void {
    if (this.#paused || this.#state !== "answered") return;
    this.#paused = true;
    this.#wire?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#lastByte = this.#clock.now();
    if (this.#idleTimer === undefined) this.#watchIdle(this.#request.idleMs);
    this.#wire?.resume();
  }

  destroy(): void {
    this.#sink = undefined;
    if (this.#state === "closed") return;
    this.#close();
    this.#wire?.destroy();
  }

  #arm(phase: "connect" | "idle", ms: number): void {
    this.#phaseTimer?.clear();
    this.#phaseTimer = ms > 0 && this.open ? this.#clock.after(ms, () => this.#timeOut(phase, ms)) : undefined;
  }

  // One timer for the whole body: it looks at the time of the last byte only when it fires.
  #watchIdle(ms: number): void {
    if (this.#request.idleMs <= 0 || this.#state !== "answered") return;
    this.#idleTimer = this.#clock.after(ms, () => {
      this.#idleTimer = undefined;
      if (this.#paused) return;
      const left = this.#lastByte + this.#request.idleMs - this.#clock.now();
      if (left > 0) this.#watchIdle(left);
      else this.#timeOut("idle", this.#request.idleMs);
    });
  }

  #timeOut(phase: "connect" | "idle" | "first_token", ms: number): void {
    this.#finish(createError("timeout", `${phase} timeout after ${ms} ms`, { phase }));
  }

  #finish(outcome: LLMError | "end"): void {
    if (this.#state === "closed") return;
    const before = this.#state;
    this.#close();
    if (outcome !== "end") this.#wire?.destroy();
    if (before === "waiting") this.#pending?.reject(outcome as LLMError);
    else if (this.#sink === undefined) this.#outcome = outcome;
    else this.#tell(outcome);
  }

  #tell(outcome: LLMError | "end"): void {
    if (outcome === "end") this.#sink?.onEnd();
    else this.#sink?.onError(outcome);
  }

  #close(): void {
    this.#state = "closed";
    this.#phaseTimer?.clear();
    this.#idleTimer?.clear();
    this.#answerTimer?.clear();
    this.#request.signal?.removeEventListener("abort", this.#onAbort);
  }
}

function illegalHeaderError(name: string): LLMError {
  return createError("invalid_request", `the header ${name} is not legal`, {
    hint: "A header's value is ASCII without line ends: percent-encode everything else.",
  });
}

/** What an answer still needs of its request: a prompt may be large, and an answer long. */
function withoutBody(request: TransportRequest): TransportRequest {
  const { authorization } = request.headers;
  return { ...request, body: undefined, headers: authorization === undefined ? {} : { authorization } };
}
