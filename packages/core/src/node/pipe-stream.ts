import type { ChatRun, ChatRunEvents } from "../chat-runs/chat-run.js";
import { createError } from "../errors/error-classes.js";
import { KeptFailure } from "../errors/kept-failure.js";
import { LLMError } from "../errors/llm-error.js";
import type { GenerateResult } from "../generate/generate-result.js";
import type { PublicResult } from "../generate/public-event.js";
import type { StreamEvent } from "../generate/stream-event.js";
import { type Clock, systemClock } from "../http/clock.js";
import { asStreamEvent } from "./as-stream-event.js";
import { ChatRunFormat, isChatRun } from "./chat-run-format.js";
import { createFormat } from "./create-format.js";
import { ResponseWriter } from "./response-writer.js";
import { hasGone, type ServerAnswer } from "./server-answer.js";
import { shutdownOf } from "./shutting-down.js";
import { opensAnswer, type StreamFormat, type WireFormat } from "./wire-format.js";

/** What a running generation shows of itself: a GenerateStream or a StructuredStream. */
export interface PipeableStream<R extends GenerateResult = GenerateResult> {
  readonly events: AsyncIterable<StreamEvent>;
  readonly result: Promise<R>;
  /** Ends the generation upstream; `result` then rejects with `aborted`. */
  abort(reason?: unknown): void;
}

/** How a stream is written to a response. */
export interface PipeOptions {
  /** @default "events" */
  format?: StreamFormat | undefined;
  /** A comment is written after so many milliseconds of silence; 0 = never. @default 15_000 */
  heartbeatMs?: number | undefined;
  /** Show clients what failures say even where the error does not allow it. @default the error's own `expose` */
  expose?: boolean | undefined;
  /** Time, for tests. @default the system's */
  clock?: Clock | undefined;
}

/** How writing a stream to a response came out. */
export interface PipeOutcome<R = GenerateResult> {
  /** Written to its end; failed after it had begun, which the client was told; or left by the client. */
  outcome: "finished" | "failed" | "disconnected";
  /** The whole, where the stream came to its end and has one. */
  result?: R | undefined;
  /** Why it failed; after a departure the AbortedError with what had arrived, where the stream has told by then. */
  error?: unknown;
}

/**
 * Writes a stream to an HTTP response and ends it.
 *
 * Shape: takes a GenerateStream, a StructuredStream, or any async iterable: strings are text, StreamEvents are
 * events, StepEvents carry their `seq` as the event id, other objects go out as JSON in `events` and `ndjson`.
 * `start`, `step-start` and warnings wait for the first event that says more, keep-alives are not passed on.
 * Of a chat run (`startChatRun`, `followChatRun`) each event has its number as the event id, in `ndjson` as `seq`;
 * who leaves ends the reading only, and the failure of a run that is followed is told in the format, whenever it was.
 * `finish` carries text, finish words, tokens, cost, model, tool calls and warnings; never messages, upstream's raw
 * answer or what a failed tool said. Status and headers you have set stay, except `Content-Type` and `Content-Length`.
 * Units: `heartbeatMs` in milliseconds, only while nothing is written; `ndjson` and `text` have no heartbeat.
 * Throws: what fails before the first event or heartbeat, with `res` untouched; from then on failures are written in
 * the format and the promise resolves with `failed`, a call that was aborted with an LLMError by that error's words.
 * `invalid_request` for an unknown format, a stream that has a reader, or a response that has ended; a response that
 * others end meanwhile aborts the stream, `failed`.
 * Cancels: a client that leaves aborts the stream at once, also while upstream is silent or the client does not read.
 */
export function pipeStream<R extends GenerateResult>(
  stream: PipeableStream<R>,
  res: ServerAnswer,
  options?: PipeOptions,
): Promise<PipeOutcome<R>>;
export function pipeStream(
  run: ChatRun | ChatRunEvents,
  res: ServerAnswer,
  options?: PipeOptions,
): Promise<PipeOutcome<PublicResult>>;
export function pipeStream(
  stream: AsyncIterable<unknown>,
  res: ServerAnswer,
  options?: PipeOptions,
): Promise<PipeOutcome>;
export function pipeStream(
  stream: PipeableStream | ChatRun | AsyncIterable<unknown>,
  res: ServerAnswer,
  options: PipeOptions = {},
): Promise<PipeOutcome> {
  const source = "events" in stream && isChatRun(stream.events) ? stream.events : (stream as PipeSource);
  return new Promise((resolve, reject) => {
    new Pipe(source, res, options, { resolve, reject }).start();
  });
}

type PipeSource = PipeableStream | AsyncIterable<unknown>;

interface Settle {
  resolve(outcome: PipeOutcome): void;
  reject(error: unknown): void;
}

class Pipe {
  readonly #stream: PipeSource;
  readonly #res: ServerAnswer;
  readonly #options: PipeOptions;
  readonly #settle: Settle;
  #format!: WireFormat;
  #writer!: ResponseWriter;
  #iterator: AsyncIterator<unknown> | undefined;
  #reading = false;
  #finish: GenerateResult | undefined;
  /** Set once nothing more is taken from the stream. */
  #outcome: PipeOutcome | undefined;

  constructor(stream: PipeSource, res: ServerAnswer, options: PipeOptions, settle: Settle) {
    this.#stream = stream;
    this.#res = res;
    this.#options = options;
    this.#settle = settle;
  }

  start(): void {
    if (hasGone(this.#res)) this.#gone();
    else this.#begin();
  }

  #begin(): void {
    const { clock = systemClock, expose, format = "events", heartbeatMs = 15_000 } = this.#options;
    try {
      if (this.#res.writableEnded) throw createError("invalid_request", "the response has already been ended");
      this.#format = isChatRun(this.#stream)
        ? new ChatRunFormat(this.#stream, format, { expose, clock })
        : createFormat(format, { expose, clock });
    } catch (error) {
      this.#cancel(error);
      throw error;
    }
    // A stream that has another reader is left to it.
    this.#iterator = this.#format instanceof ChatRunFormat ? this.#format.read() : iteratorOf(this.#stream);
    this.#writer = new ResponseWriter(this.#res, {
      format: this.#format,
      heartbeatMs,
      clock,
      onReady: () => this.#read(),
      onGone: () => this.#gone(),
      onTaken: () => this.#taken(),
    });
    this.#read();
  }

  #read(): void {
    if (this.#reading || this.#outcome !== undefined) return;
    this.#reading = true;
    this.#iterator?.next().then(this.#onNext, this.#onThrow);
  }

  readonly #onNext = (turn: IteratorResult<unknown>) => {
    this.#reading = false;
    if (this.#outcome !== undefined) return;
    if (turn.done) return void this.#complete();
    try {
      if (this.#take(turn.value)) this.#read();
    } catch (error) {
      this.#cancel(error);
      this.#fail(error);
    }
  };

  readonly #onThrow = (error: unknown) => {
    if (this.#outcome !== undefined) return;
    // The signal of the request may have ended the stream before the response said that its client has left.
    if (hasGone(this.#res)) this.#gone();
    else this.#fail(error);
  };

  #take(item: unknown): boolean {
    const event = asStreamEvent(item);
    if (event === undefined) return this.#writer.add(this.#format.item(item), true);
    if (event.type === "finish") {
      this.#finish = event.result;
      return true;
    }
    return this.#writer.add(this.#format.event(event), opensAnswer(event));
  }

  async #complete(): Promise<void> {
    try {
      // Its own result knows more than the event: the validated object of a structured stream.
      const result = isRunning(this.#stream) ? await this.#stream.result : this.#finish;
      if (this.#outcome !== undefined) return;
      this.#end(this.#format.end(result), { outcome: "finished", ...(result === undefined ? {} : { result }) });
    } catch (error) {
      this.#onThrow(error);
    }
  }

  #fail(error: unknown): void {
    const outcome: PipeOutcome = { outcome: "failed", error };
    // Who asks for a run that has failed is answered well: with its failure.
    const isTold = this.#writer.opened || error instanceof KeptFailure;
    const text = isTold ? this.#format.failure(reasonOf(error)) : undefined;
    this.#outcome = outcome;
    if (!this.#writer.opened && text === undefined) {
      this.#writer.detach();
      this.#settle.reject(error);
    } else if (text === undefined) {
      this.#writer.cut();
      this.#settle.resolve(outcome);
    } else {
      this.#end(text, outcome);
    }
  }

  #end(text: string, outcome: PipeOutcome): void {
    this.#outcome = outcome;
    this.#writer.end(text, () => this.#settle.resolve(outcome));
  }

  #gone(): void {
    const { resolve } = this.#settle;
    this.#res.destroy();
    if (this.#outcome !== undefined) {
      resolve({ ...this.#outcome, outcome: "disconnected" });
      return;
    }
    this.#outcome = { outcome: "disconnected" };
    this.#cancel(createError("aborted", "the client has left"));
    if (isRunning(this.#stream)) {
      const tell = (error: unknown) => resolve({ outcome: "disconnected", error });
      this.#stream.result.then(() => {}, tell);
    }
    // Only as long as this turn lasts: an answer that nobody reads waits for nobody.
    setImmediate(resolve, this.#outcome);
  }

  /** Others have ended the response, a time-out of the server's for one: nobody is left to be told anything. */
  #taken(): void {
    const error = createError("invalid_request", "the response was ended while a stream was written to it");
    if (this.#outcome === undefined) this.#cancel(error);
    this.#outcome = { outcome: "failed", error };
    this.#settle.resolve(this.#outcome);
  }

  /** Stops the source. What it says of that is of no interest: the reason is known here. */
  #cancel(reason: unknown): void {
    const { abort } = this.#stream as { abort?: unknown };
    if (typeof abort === "function") abort.call(this.#stream, reason);
    Promise.resolve(this.#iterator)
      .then((iterator) => iterator?.return?.())
      .catch(() => {});
  }
}

/** What the client is told of a failure: of an aborted call why it was, where whoever aborted it gave an error of ours. */
function reasonOf(error: unknown): unknown {
  if (!LLMError.is(error) || error.code !== "aborted") return error;
  if (LLMError.is(error.cause)) return error.cause;
  return shutdownOf(error) ?? error;
}

function isRunning(stream: PipeSource): stream is PipeableStream {
  return "events" in stream && "result" in stream;
}

function iteratorOf(stream: PipeSource): AsyncIterator<unknown> {
  const source = isRunning(stream) ? stream.events : stream;
  if (typeof source[Symbol.asyncIterator] === "function") return source[Symbol.asyncIterator]();
  throw createError("invalid_request", "`pipeStream` takes a stream or another async iterable");
}
