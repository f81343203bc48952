import { createError } from "../errors/error-classes.js";
import { LLMError } from "../errors/llm-error.js";
import type { Clock, Timer } from "../http/clock.js";
import { Backlog } from "./backlog.js";
import { ownReason } from "./call-signal.js";
import { type Batch, EventReader, type OnBatch, type OnFailure } from "./event-reader.js";
import type { EventSource } from "./event-source.js";
import type { GenerateResult } from "./generate-result.js";
import type { GenerateStream } from "./generate-stream-type.js";
import type { StreamEvent } from "./stream-event.js";
import { splitSource } from "./tee.js";

type Reader = "none" | "text" | "events" | "batches" | "tee" | "drain";

/**
 * The stream that `stream()` returns. Events are pulled batch by batch: by its one reader, or, when only `result`
 * was asked for, by itself, into a backlog that a late reader gets first.
 */
export class EventStream implements GenerateStream {
  readonly #source: EventSource;
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #result = Promise.withResolvers<GenerateResult>();
  #backlog: Backlog | undefined;
  #reader: Reader = "none";
  #sent = false;
  #eager: Promise<StreamEvent[] | undefined> | undefined;
  #drained: Promise<void> | undefined;
  #abandonTimer: Timer | undefined;
  #ended = false;
  #aborted = false;
  #failure: { error: unknown } | undefined;

  /** @param idleMs - after so long without reader or `result` the stream is closed; 0 = never */
  constructor(source: EventSource, clock: Clock, idleMs: number) {
    this.#source = source;
    this.#clock = clock;
    this.#idleMs = idleMs;
    source.onAborted = () => this.#finishAbort();
    // The rejection also comes out of the reader; a result nobody asks for must not end the process.
    this.#result.promise.catch(() => {});
    queueMicrotask(() => this.#send());
    if (idleMs > 0) this.#abandonTimer = clock.after(idleMs, () => this.#abandon());
  }

  /** True once nothing more is handed out but the failure. */
  get aborted(): boolean {
    return this.#aborted;
  }

  get result(): Promise<GenerateResult> {
    this.#keep();
    if (this.#reader === "none" && this.#drained === undefined) setImmediate(() => this.#startDrain());
    return this.#result.promise;
  }

  get events(): AsyncIterable<StreamEvent> {
    return { [Symbol.asyncIterator]: () => this.#read("events", (event) => event) };
  }

  [Symbol.asyncIterator](): AsyncIterator<string> {
    return this.#read("text", (event) => (event.type === "text-delta" ? event.text : undefined));
  }

  /** The events of one network read at a time: what writers and object streams read. */
  batches(): AsyncIterableIterator<StreamEvent[], undefined> {
    this.#claim("batches");
    let left = false;
    const onBatch = (batch: StreamEvent[] | undefined): IteratorResult<StreamEvent[], undefined> =>
      batch === undefined || left ? { value: undefined, done: true } : { value: batch, done: false };
    return {
      next: () => (left ? Promise.resolve(onBatch(undefined)) : this.pull(onBatch, rethrow)),
      return: async () => {
        left = true;
        this.abort("the reader left the loop");
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  abort(reason?: unknown): void {
    if (this.#ended) return;
    this.#source.abort(reason);
    this.#finishAbort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort("the stream was disposed of");
    await this.#result.promise.catch(() => {});
  }

  tee(count = 2): GenerateStream[] {
    const branches = splitSource(
      {
        claim: () => this.#claim("tee"),
        next: () => this.pull(asIs, rethrow),
        result: () => this.#source.result,
        abort: (reason) => this.abort(reason),
      },
      count,
    );
    return branches.map((branch) => new EventStream(branch, this.#clock, this.#idleMs));
  }

  /** The first pull sends the request; it is made whether or not anybody reads. */
  #send(): void {
    if (this.#sent) return;
    this.#sent = true;
    this.#eager = this.#source.next();
    this.#eager.catch(() => {});
  }

  #claim(reader: Reader): void {
    if (this.#reader !== "none" && this.#reader !== "drain") {
      throw createError(
        "invalid_request",
        "this stream already has a reader; tee() of a GenerateStream makes several",
        {
          hint: "call tee() before reading; `result` needs no reader",
        },
      );
    }
    this.#reader = reader;
    this.#keep();
  }

  #keep(): void {
    this.#abandonTimer?.clear();
    this.#abandonTimer = undefined;
  }

  #abandon(): void {
    if (this.#reader !== "none") return;
    const text = `idle timeout: nobody read the stream for ${this.#idleMs} ms`;
    this.abort(ownReason(createError("timeout", text, { phase: "idle", retryable: false })));
  }

  /** Nobody may be pulling: the source is run to its end, so that it frees what it holds and `result` learns of it. */
  #finishAbort(): void {
    this.#aborted = true;
    const sink = async () => {
      while ((await this.#pullLive(asIs, rethrow)) !== undefined);
    };
    // The failure is kept: readers and `result` meet it.
    sink().catch(() => {});
  }

  #startDrain(): void {
    if (this.#reader !== "none" || this.#ended) return;
    this.#reader = "drain";
    this.#drained = this.#drain().finally(() => {
      this.#drained = undefined;
    });
  }

  async #drain(): Promise<void> {
    try {
      while (this.#reader === "drain") {
        const batch = await this.#pullLive(asIs, rethrow);
        if (batch === undefined) return;
        this.#backlog ??= new Backlog();
        this.#backlog.add(batch);
      }
    } catch {
      // Kept: `result` has rejected with it and a late reader will meet it.
    }
  }

  /** The next batch for a reader: first what a drain has kept, then live; after an abort nothing that has arrived. */
  pull<T>(onBatch: OnBatch<T>, onFailure: OnFailure<T>): Promise<T> {
    const kept = this.#backlog?.take();
    if (kept !== undefined && !this.#aborted) return Promise.resolve(kept).then(onBatch);
    if (this.#drained === undefined) return this.#pullLive(onBatch, onFailure);
    return this.#drained.then(() => this.pull(onBatch, onFailure));
  }

  #pullLive<T>(onBatch: OnBatch<T>, onFailure: OnFailure<T>): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error).catch(onFailure);
    if (this.#ended) return Promise.resolve(undefined).then(onBatch);
    this.#send();
    const onPulled = (batch: Batch) => {
      if (batch !== undefined) return onBatch(batch);
      // Another pull may have met the end meanwhile.
      return this.#failure === undefined ? onBatch(this.#finish()) : onFailure(this.#failure.error);
    };
    const onThrown = (thrown: unknown) => onFailure(this.#fail(thrown));
    const eager = this.#eager;
    this.#eager = undefined;
    if (eager === undefined && this.#source.pull !== undefined) return this.#source.pull(onPulled, onThrown);
    return (eager ?? this.#source.next()).then(onPulled, onThrown);
  }

  #finish(): Batch {
    if (this.#ended) return undefined;
    this.#ended = true;
    const result = this.#source.result as GenerateResult;
    this.#result.resolve(result);
    return [{ type: "finish", result }];
  }

  #fail(thrown: unknown): unknown {
    if (this.#failure !== undefined) return this.#failure.error;
    const error = LLMError.is(thrown) ? thrown : unexpected(thrown);
    this.#ended = true;
    this.#failure = { error };
    this.#keep();
    this.#result.reject(error);
    return error;
  }

  #read<T>(kind: "text" | "events", pick: (event: StreamEvent) => T | undefined): AsyncIterableIterator<T> {
    this.#claim(kind);
    return new EventReader(this, pick);
  }
}

function asIs(batch: Batch): Batch {
  return batch;
}

function rethrow(error: unknown): never {
  throw error;
}

function unexpected(thrown: unknown): LLMError {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return createError("provider_error", text, { cause: thrown, retryable: false });
}
