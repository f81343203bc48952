import { createError, StreamTruncatedError } from "../errors/error-classes.js";
import type { ChatBody, ChatChunk } from "../messages/chat-body.js";
import type { OpenRouterCacheAnswer } from "../messages/router-metadata.js";
import { keepsAnswerClock } from "../provider/answer-clock.js";
import { partOf } from "../provider/broken-answer.js";
import type { ChunkStream } from "../provider/llm-provider.js";
import { type ChunkSink, isPullable, PULL, type ReadCount, type RepeatedChunk } from "../provider/pull.js";
import type { ToolCall } from "../tools/tool-types.js";
import { Accumulator } from "./accumulator.js";
import type { AnswerTurn } from "./answer-turn.js";
import { abortError } from "./call-signal.js";
import type { Engine } from "./engine.js";
import { Exchange } from "./exchange.js";
import { FailureInBody, failureInBody, mayFail } from "./failure-in-body.js";
import { finishedStep } from "./finished-step.js";
import type { Step } from "./generate-result.js";
import type { PreparedCall } from "./prepare-call.js";
import { present } from "./present.js";
import type { StreamEvent } from "./stream-event.js";

type Batch = StreamEvent[] | undefined;

/**
 * One answer of the model, from sending to the last byte, retries included. Read it with `next()` until it gives
 * undefined, or whole with `readWhole()`; then `finish()`. After a failure `abandon()` books what it may have cost.
 */
export class Turn implements AnswerTurn, ChunkSink {
  readonly exchange: Exchange;
  accumulator: Accumulator;
  firstTokenMs: number | undefined;
  readonly #engine: Engine;
  readonly #call: PreparedCall;
  readonly #body: ChatBody;
  readonly #step: number;
  #chunks: ChunkStream | undefined;
  #reader: AsyncIterator<ChatChunk[]> | undefined;
  #generationId: string | undefined;
  #openRouterCache: OpenRouterCacheAnswer | undefined;
  #announced = false;
  #events: StreamEvent[] = [];
  #stashed: { error: unknown } | undefined;

  constructor(engine: Engine, call: PreparedCall, body: ChatBody, step: number) {
    this.#engine = engine;
    this.#call = call;
    this.#body = body;
    this.#step = step;
    this.accumulator = new Accumulator(step);
    this.exchange = new Exchange(engine, call.scope, {
      call,
      body,
      clocks: call.clocks,
      retry: call.retry,
      headers: call.request.headers,
      signal: call.signal.signal,
      model: call.model,
      user: call.user,
      metadata: call.metadata,
    });
  }

  get generationId(): string | undefined {
    return this.accumulator.id ?? this.#generationId;
  }

  /** The events of the next network read; undefined at the good end. What the two functions return is the outcome. */
  next<T>(onBatch: (batch: Batch) => T | Promise<T>, onFailure: (error: unknown) => T | Promise<T>): Promise<T> {
    const reader = this.#reader;
    const isReading = this.#stashed === undefined && !this.#call.signal.signal.aborted;
    if (reader === undefined || !isReading || !isPullable(reader))
      return this.#next(undefined).then(onBatch, onFailure);
    const recover = (error: unknown) => this.#next({ error }).then(onBatch, onFailure);
    const onRead = (count: ReadCount) => {
      let batch: Batch;
      try {
        batch = this.#take(count);
      } catch (error) {
        return recover(error);
      }
      return onBatch(batch);
    };
    return reader[PULL](this, onRead, recover);
  }

  /** Takes one chunk of a read; what it fails with waits until what came before it was handed on. */
  chunk(chunk: ChatChunk): void {
    if (this.#stashed !== undefined) return;
    try {
      this.accumulator.add(chunk, this.#events);
      if (mayFail(chunk)) {
        const failure = this.#failureIn(chunk);
        if (failure !== undefined) throw failure;
      }
    } catch (error) {
      this.#stashed = { error };
    }
  }

  repeated(chunk: RepeatedChunk): void {
    if (this.#stashed === undefined) this.accumulator.addRepeated(chunk, this.#events);
  }

  /** @param failed - what the read that is being made up for ended in */
  async #next(failed: { error: unknown } | undefined): Promise<Batch> {
    for (let failure = failed ?? this.#stashed; ; failure = this.#stashed) {
      try {
        if (failure !== undefined) throw failure.error;
        if (this.#call.signal.signal.aborted) throw abortError(this.#call.signal.signal);
        this.#reader ??= await this.#open();
        const read = await this.#reader.next();
        if (!read.done) for (const chunk of read.value) this.chunk(chunk);
        return this.#take(read.done ? undefined : read.value.length);
      } catch (error) {
        if (this.#isComplete(error)) return this.#end();
        await this.#failed(error);
      }
    }
  }

  #take(count: ReadCount): Batch {
    if (count !== undefined) return this.#takeEvents(count);
    this.#checkEnd();
    return this.#end();
  }

  /** The good end, which the reader asks for again where the beginning is still to be told. */
  #end(): Batch {
    if (!this.#announced) return this.#announce();
    this.exchange.succeeded(this.#chunks?.status, this.generationId);
    return undefined;
  }

  /** A connection that breaks behind the finish word has delivered everything that counts. */
  #isComplete(error: unknown): boolean {
    return this.accumulator.rawFinishReason !== undefined && StreamTruncatedError.is(error);
  }

  async readWhole(): Promise<void> {
    for (;;) {
      try {
        const answer = await this.exchange.attempt(
          (call) => this.#engine.provider.chat(this.#body, call),
          keepsAnswerClock(this.#engine.provider),
        );
        this.#generationId = answer.generationId;
        this.#openRouterCache = answer.openRouterCache;
        const body: unknown = answer.body;
        if (typeof body !== "object" || body === null)
          throw createError("invalid_response", "the answer is not a JSON object");
        this.accumulator.addAnswer(answer.body);
        const failure = this.#failureIn(answer.body);
        if (failure !== undefined) throw failure;
        this.#checkWhole(answer.body.choices);
        this.firstTokenMs ??= this.#engine.clock.now() - this.#call.startedAt;
        this.exchange.succeeded(answer.status, this.generationId);
        return;
      } catch (error) {
        const { delivered } = this.accumulator;
        // What had come of an answer that broke off was not handed out.
        const part = partOf(error);
        if (part !== undefined) this.accumulator.addAnswer(part);
        await this.#failed(error, delivered);
      }
    }
  }

  /** Closes the connection, if one is open. */
  close(): void {
    this.#chunks?.close();
  }

  /** The finished step; books usage and cost. */
  async finish(): Promise<{ step: Step; toolCalls: ToolCall[] }> {
    const { accumulator } = this;
    const answer = accumulator.finish((position) => `call_${this.generationId ?? crypto.randomUUID()}_${position}`);
    this.#report(answer.finishReason, answer.message);
    const { usage, cost } = await this.exchange.books.settle(accumulator.usage, this.#received());
    return finishedStep(accumulator, answer, {
      usage,
      cost,
      generationId: this.generationId,
      model: this.#body.model,
      openRouterCache: this.#openRouterCache,
    });
  }

  /** After a failure, or when the reader left: closes the connection and books what the answer may have cost. */
  async abandon(): Promise<void> {
    this.close();
    this.#report();
    await this.exchange.books.abandon(this.accumulator.usage, this.#received());
  }

  #report(finishReason?: string, message?: unknown): void {
    const { report } = this.exchange;
    if (report === undefined) return;
    const { model, servedBy } = this.accumulator;
    report.answered({ model, servedBy, generationId: this.generationId, finishReason, message });
  }

  #received() {
    return { generationId: this.generationId, characters: this.accumulator.characters };
  }

  async #open(): Promise<AsyncIterator<ChatChunk[]>> {
    this.#chunks = await this.exchange.attempt((call) => this.#engine.provider.chatStream(this.#body, call));
    this.#generationId = this.#chunks.generationId;
    this.exchange.begun(this.#generationId);
    this.#openRouterCache = this.#chunks.openRouterCache;
    return this.#chunks[Symbol.asyncIterator]();
  }

  #takeEvents(count: number): StreamEvent[] {
    const { delivered } = this.accumulator;
    this.exchange.report?.read(count);
    // As long as another attempt may follow, nothing of this one is told.
    const isHeld = !this.#announced && !delivered;
    if (this.#stashed !== undefined && (isHeld || this.#events.length === 0)) throw this.#stashed.error;
    if (this.firstTokenMs === undefined && delivered) {
      this.exchange.firstToken();
      this.firstTokenMs = this.#engine.clock.now() - this.#call.startedAt;
    }
    if (isHeld) return count === 0 ? [{ type: "keep-alive" }] : [];
    if (!this.#announced) return this.#announce();
    const events = this.#events;
    this.#events = [];
    if (events.length === 0 && count === 0) events.push({ type: "keep-alive" });
    return events;
  }

  #failureIn(body: object) {
    return failureInBody(body, {
      model: this.#body.model,
      generationId: this.generationId,
      secrets: this.exchange.secrets,
      longestWaitMs: this.exchange.longestWaitMs,
      now: this.#engine.clock.date(),
    });
  }

  /** What was read so far, behind the beginning. */
  #announce(): StreamEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#announced = true;
    const { model, servedBy } = this.accumulator;
    const start: StreamEvent[] =
      this.#step === 0
        ? [
            { type: "start", ...present({ generationId: this.generationId, model, servedBy }) },
            ...this.#call.warnings.map((warning) => ({ type: "warning" as const, warning })),
          ]
        : [];
    return [...start, { type: "step-start", step: this.#step }, ...events];
  }

  #checkEnd(): void {
    const { accumulator } = this;
    if (accumulator.rawFinishReason !== undefined) return;
    if (!this.#chunks?.done) throw createError("stream_truncated", "stream ended unexpectedly", { phase: "streaming" });
    if (accumulator.empty) throw createError("empty_response", "LLM did not return any content");
  }

  #checkWhole(choices: unknown): void {
    if (!Array.isArray(choices)) throw createError("invalid_response", "the answer has no choices");
    if (this.accumulator.empty) throw createError("empty_response", "LLM did not return any content");
  }

  async #failed(thrown: unknown, delivered = this.accumulator.delivered): Promise<void> {
    this.close();
    this.#stashed = undefined;
    this.#events = [];
    const error = thrown instanceof FailureInBody ? await thrown.explain() : thrown;
    await this.exchange.failed(error, delivered, this.generationId);
    this.exchange.books.gaveUp(this.accumulator.usage, this.generationId);
    this.#reader = undefined;
    this.#chunks = undefined;
    this.#generationId = undefined;
    this.accumulator = new Accumulator(this.#step);
  }
}
