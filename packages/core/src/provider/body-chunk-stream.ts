import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import type { Clock, Timer } from "../http/clock.js";
import type { ByteSink, ByteSource } from "../http/transport.js";
import type { ChatChunk } from "../messages/chat-body.js";
import type { OpenRouterCacheAnswer } from "../messages/router-metadata.js";
import { ChunkReader } from "./chunk-reader.js";
import type { ChunkStream } from "./llm-provider.js";
import { PULL, type Pullable } from "./pull.js";

/** Bytes that may wait for a reader before the source is held back. */
const READ_AHEAD_BYTES = 64 * 1024;
/** How long, and how far, a body is read on after `[DONE]`, so that its connection can be used again. */
const DRAIN_MS = 250;
const DRAIN_BYTES = 256 * 1024;

type Batch = IteratorResult<ChatChunk[], undefined>;
type Answer = Batch | { failure: LLMError };
type Read<T> = (batch: Batch) => T | Promise<T>;
type Fail<T> = (error: unknown) => T | Promise<T>;
const DONE: Batch = Object.freeze({ done: true, value: undefined });

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
export class BodyChunkStream implements ChunkStream, AsyncIterator<ChatChunk[], undefined>, Pullable<Batch>, ByteSink {
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
    return this[PULL](
      (batch) => batch,
      (error) => {
        throw error;
      },
    );
  }

  [PULL]<T>(onRead: Read<T>, onFailure: Fail<T>): Promise<T> {
    if (this.#pulling) {
      return Promise.reject(createError("invalid_request", "a stream answers one pull at a time")).catch(onFailure);
    }
    // Before the source is let go: what it delivers at once is for this pull, and must not hold it back again.
    this.#pulling = true;
    this.#letGo();
    const ready = this.#answer();
    return ready === undefined ? this.#wait(onRead, onFailure) : settled(ready, onRead, onFailure);
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
  #wait<T>(onRead: Read<T>, onFailure: Fail<T>): Promise<T> {
    return new Promise<void>((resolve) => {
      this.#resume = resolve;
    }).then(() => {
      const answer = this.#answer();
      if (answer === undefined) return this.#wait(onRead, onFailure);
      return "failure" in answer ? onFailure(answer.failure) : onRead(answer);
    });
  }

  #wake(): void {
    this.#resume?.();
    this.#resume = undefined;
  }

  /** What a pull is answered with, if there is anything to answer it with. */
  #answer(): Answer | undefined {
    const answer = this.#state === "reading" ? this.#look() : DONE;
    if (answer !== undefined) this.#pulling = false;
    return answer;
  }

  #look(): Answer | undefined {
    const batch = this.#read();
    if (this.#reader.done) this.#startDrain();
    if (batch !== undefined) return { done: false, value: batch };
    const failure = this.#reader.failure ?? (this.#reader.done ? undefined : this.#error);
    if (failure !== undefined) {
      this.#end();
      return { failure: failure === this.#error ? failure : this.#facts.withHeaders(failure) };
    }
    if (!this.#reader.done && !this.#bodyEnded) return undefined;
    if (!this.#reader.done) this.#end();
    return DONE;
  }

  #read(): ChatChunk[] | undefined {
    if (this.#reader.failure !== undefined || this.#reader.done) return undefined;
    if (this.#pieces.length > 0) {
      const pieces = this.#pieces;
      this.#pieces = [];
      this.#queuedBytes = 0;
      const chunks = this.#reader.read(pieces);
      if (chunks !== undefined || this.#reader.done || this.#reader.failure !== undefined) return chunks;
    }
    return this.#bodyEnded ? this.#reader.end() : undefined;
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

/** In a microtask of its own, as every answer. */
function settled<T>(answer: Answer, onRead: Read<T>, onFailure: Fail<T>): Promise<T> {
  return "failure" in answer ? Promise.reject(answer.failure).catch(onFailure) : Promise.resolve(answer).then(onRead);
}
