import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import type { Clock, Timer } from "../http/clock.js";
import type { ByteSink, ByteSource } from "../http/transport.js";
import type { ChatChunk } from "../messages/chat-body.js";
import type { OpenRouterCacheAnswer } from "../messages/router-metadata.js";
import { type ChunkSink, collecting } from "../sse/chunk-sink.js";
import { ChunkReader } from "./chunk-reader.js";
import type { ChunkStream } from "./llm-provider.js";
import { PULL, type Pullable, type ReadCount } from "./pull.js";

/** Bytes that may wait for a reader before the source is held back. */
const READ_AHEAD_BYTES = 64 * 1024;
/** How long, and how far, a body is read on after `[DONE]`, so that its connection can be used again. */
const DRAIN_MS = 250;
const DRAIN_BYTES = 256 * 1024;

type Batch = IteratorResult<ChatChunk[], undefined>;
/** The count of a read, the end, or a failure. */
type Answer = number | "end" | LLMError;
type OnRead<T> = (count: ReadCount) => T | Promise<T>;
type OnFailure<T> = (error: unknown) => T | Promise<T>;

/** What a stream knows about the answer that it reads. */
export interface StreamFacts {
  source: ByteSource;
  clock: Clock;
  status: number;
  generationId: string | undefined;
  openRouterCache?: OpenRouterCacheAnswer | undefined;
  /** Adds to a failure what the headers told. */
  withHeaders(error: LLMError): LLMError;
}

/**
 * A body, read as wire chunks: one array for each network read that completed any, an empty one for a read that held
 * only keep-alives. Nothing is read before the first pull, and at most 64 KiB ahead of the reader; one pull at a time.
 *
 * An error inside a chunk is delivered as that chunk, because text and usage may stand beside it. Thrown: what the
 * connection threw, `invalid_response` for an unreadable event or body, `empty_response` for a body of nothing.
 */
export class BodyChunkStream implements ChunkStream, AsyncIterator<ChatChunk[], undefined>, Pullable, ByteSink {
  readonly status: number;
  readonly generationId: string | undefined;
  readonly openRouterCache: OpenRouterCacheAnswer | undefined;
  readonly #facts: StreamFacts;
  readonly #reader = new ChunkReader();
  #pieces: Uint8Array[] = [];
  #queuedBytes = 0;
  #state: "fresh" | "reading" | "draining" | "closed" = "fresh";
  #paused = false;
  #bodyEnded = false;
  #error: LLMError | undefined;
  #pulling = false;
  #resume: (() => void) | undefined;
  #drainedBytes = 0;
  #drainTimer: Timer | undefined;

  constructor(facts: StreamFacts) {
    this.#facts = facts;
    this.status = facts.status;
    this.generationId = facts.generationId;
    this.openRouterCache = facts.openRouterCache;
  }

  get done(): boolean {
    return this.#reader.done;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Batch> {
    const chunks: ChatChunk[] = [];
    return this[PULL]<Batch>(
      collecting(chunks),
      (count) => (count === undefined ? { done: true, value: undefined } : { done: false, value: chunks }),
      (error) => {
        throw error;
      },
    );
  }

  [PULL]<T>(sink: ChunkSink, onRead: OnRead<T>, onFailure: OnFailure<T>): Promise<T> {
    if (this.#pulling) {
      return Promise.reject(createError("invalid_request", "a stream answers one pull at a time")).catch(onFailure);
    }
    // Before the source is let go: what it delivers at once is for this pull, and must not hold it back again.
    this.#pulling = true;
    this.#letGo();
    const ready = this.#answer(sink);
    if (ready === undefined) return this.#wait(sink, onRead, onFailure);
    // In a microtask of its own, as every answer.
    return Promise.resolve(ready).then((answer) => deliver(answer, onRead, onFailure));
  }

  return(): Promise<Batch> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  close(): void {
    if (this.#state === "draining" || this.#state === "closed") return;
    this.#end();
    this.#wake();
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#state === "draining") {
      this.#drain(bytes.length);
      return;
    }
    this.#pieces.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#pulling) this.#wake();
    else if (this.#queuedBytes > READ_AHEAD_BYTES && !this.#paused) {
      this.#paused = true;
      this.#facts.source.pause();
    }
  }

  onEnd(): void {
    this.#bodyEnded = true;
    this.#drainTimer?.clear();
    this.#wake();
  }

  onError(error: LLMError): void {
    this.#drainTimer?.clear();
    this.#error = this.#facts.withHeaders(error);
    // After an abort nothing that was queued is handed over.
    if (error.code === "aborted") this.#pieces = [];
    this.#wake();
  }

  /** Starts or resumes the source, which may deliver, and even end, before this returns. */
  #letGo(): void {
    if (this.#state === "fresh") {
      this.#state = "reading";
      this.#facts.source.start(this);
    } else if (this.#paused) {
      this.#paused = false;
      this.#facts.source.resume();
    }
  }

  // The pull goes on in a microtask, which runs after the parser has emitted all pieces of one socket read.
  #wait<T>(sink: ChunkSink, onRead: OnRead<T>, onFailure: OnFailure<T>): Promise<T> {
    return new Promise<void>((resolve) => {
      this.#resume = resolve;
    }).then(() => {
      const answer = this.#answer(sink);
      return answer === undefined ? this.#wait(sink, onRead, onFailure) : deliver(answer, onRead, onFailure);
    });
  }

  #wake(): void {
    this.#resume?.();
    this.#resume = undefined;
  }

  /** What a pull is answered with, if there is anything to answer it with. */
  #answer(sink: ChunkSink): Answer | undefined {
    const answer = this.#state === "reading" ? this.#look(sink) : "end";
    if (answer !== undefined) this.#pulling = false;
    return answer;
  }

  #look(sink: ChunkSink): Answer | undefined {
    const count = this.#read(sink);
    if (this.#reader.done) this.#startDrain();
    if (count !== undefined) return count;
    const failure = this.#reader.failure ?? (this.#reader.done ? undefined : this.#error);
    if (failure !== undefined) {
      this.#end();
      return failure === this.#error ? failure : this.#facts.withHeaders(failure);
    }
    if (!this.#reader.done && !this.#bodyEnded) return undefined;
    if (!this.#reader.done) this.#end();
    return "end";
  }

  #read(sink: ChunkSink): number | undefined {
    if (this.#reader.failure !== undefined || this.#reader.done) return undefined;
    if (this.#pieces.length > 0) {
      const pieces = this.#pieces;
      this.#pieces = [];
      this.#queuedBytes = 0;
      const count = this.#reader.read(pieces, sink);
      if (count !== undefined || this.#reader.done || this.#reader.failure !== undefined) return count;
    }
    return this.#bodyEnded ? this.#reader.end(sink) : undefined;
  }

  #startDrain(): void {
    if (this.#state !== "reading") return;
    if (this.#bodyEnded || this.#error !== undefined) {
      this.#end();
      return;
    }
    this.#state = "draining";
    this.#drainTimer = this.#facts.clock.after(DRAIN_MS, () => this.#end());
  }

  #drain(bytes: number): void {
    this.#drainedBytes += bytes;
    if (this.#drainedBytes > DRAIN_BYTES) this.#end();
  }

  #end(): void {
    this.#state = "closed";
    this.#pieces = [];
    this.#drainTimer?.clear();
    this.#facts.source.destroy();
  }
}

function deliver<T>(answer: Answer, onRead: OnRead<T>, onFailure: OnFailure<T>): T | Promise<T> {
  if (typeof answer === "number") return onRead(answer);
  return answer === "end" ? onRead(undefined) : onFailure(answer);
}
