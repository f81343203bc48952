import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import type { Clock, Timer } from "../http/clock.js";
import type { ByteSink, ByteSource } from "../http/transport.js";
import type { ChatChunk } from "../messages/chat-body.js";
import { ChunkReader } from "./chunk-reader.js";
import type { ChunkStream } from "./llm-provider.js";

/** Bytes that may wait for a reader before the source is held back. */
const READ_AHEAD_BYTES = 64 * 1024;
/** How long, and how far, a body is read on after `[DONE]`, so that its connection can be used again. */
const DRAIN_MS = 250;
const DRAIN_BYTES = 256 * 1024;

type Batch = IteratorResult<ChatChunk[], undefined>;
interface Pull {
  resolve(batch: Batch): void;
  reject(error: LLMError): void;
}

/** What a stream knows about the answer that it reads. */
export interface StreamFacts {
  source: ByteSource;
  clock: Clock;
  status: number;
  generationId: string | undefined;
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
export class BodyChunkStream implements ChunkStream, AsyncIterator<ChatChunk[], undefined>, ByteSink {
  readonly status: number;
  readonly generationId: string | undefined;
  readonly #facts: StreamFacts;
  readonly #reader = new ChunkReader();
  #pieces: Uint8Array[] = [];
  #queuedBytes = 0;
  #state: "fresh" | "reading" | "draining" | "closed" = "fresh";
  #paused = false;
  #bodyEnded = false;
  #error: LLMError | undefined;
  #pull: Pull | undefined;
  #wakeQueued = false;
  #drainedBytes = 0;
  #drainTimer: Timer | undefined;

  constructor(facts: StreamFacts) {
    this.#facts = facts;
    this.status = facts.status;
    this.generationId = facts.generationId;
  }

  get done(): boolean {
    return this.#reader.done;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Batch> {
    return new Promise((resolve, reject) => {
      if (this.#pull !== undefined)
        return reject(createError("invalid_request", "a stream answers one pull at a time"));
      const pull = { resolve, reject };
      // Before the source is let go: what it delivers at once is for this pull, and must not hold it back again.
      this.#pull = pull;
      this.#letGo();
      if (this.#pull === pull && this.#answer(pull)) this.#pull = undefined;
    });
  }

  return(): Promise<Batch> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  close(): void {
    if (this.#state === "draining" || this.#state === "closed") return;
    this.#end();
    this.#pull?.resolve({ done: true, value: undefined });
    this.#pull = undefined;
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#state === "draining") {
      this.#drain(bytes.length);
      return;
    }
    this.#pieces.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#pull !== undefined) this.#wake();
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

  // A microtask runs after the parser has emitted all pieces of one socket read.
  #wake(): void {
    if (this.#wakeQueued || this.#pull === undefined) return;
    this.#wakeQueued = true;
    queueMicrotask(() => {
      this.#wakeQueued = false;
      const pull = this.#pull;
      if (pull !== undefined && this.#answer(pull)) this.#pull = undefined;
    });
  }

  /** Answers a pull, if there is anything to answer it with. */
  #answer(pull: Pull): boolean {
    if (this.#state !== "reading") {
      pull.resolve({ done: true, value: undefined });
      return true;
    }
    const batch = this.#read();
    if (this.#reader.done) this.#startDrain();
    if (batch !== undefined) {
      pull.resolve({ done: false, value: batch });
      return true;
    }
    const failure = this.#reader.failure ?? (this.#reader.done ? undefined : this.#error);
    if (failure !== undefined) {
      this.#end();
      pull.reject(failure === this.#error ? failure : this.#facts.withHeaders(failure));
      return true;
    }
    if (!this.#reader.done && !this.#bodyEnded) return false;
    if (!this.#reader.done) this.#end();
    pull.resolve({ done: true, value: undefined });
    return true;
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
