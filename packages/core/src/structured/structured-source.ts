import type { EventSource } from "../generate/event-source.js";
import type { GenerateRequest } from "../generate/generate-request.js";
import type { Warning } from "../generate/generate-result.js";
import type { StreamEvent } from "../generate/stream-event.js";
import type { StructuredResult } from "../generate/structured-types.js";
import { AnswerToolEvents } from "./answer-tool-events.js";
import { PartialJsonParser } from "./partial/partial-json-parser.js";
import type { StructuredCall } from "./structured-call.js";

/** Begins the call; it is told where warnings go and what ends it. Called with the first `next()`: it may throw. */
export type BeginCall = (warn: (warning: Warning) => void, left: AbortSignal) => StructuredCall;

/**
 * The events of a call for an object, over as many requests as it takes. Rungs change and the model is asked again
 * only while no JSON has begun.
 */
export class StructuredSource implements EventSource {
  result: StructuredResult<unknown> | undefined;
  onAborted: (() => void) | undefined;
  readonly #begin: BeginCall;
  readonly #open: (request: GenerateRequest) => EventSource;
  readonly #warnings: StreamEvent[] = [];
  #call: StructuredCall | undefined;
  #inner: EventSource | undefined;
  #tool: AnswerToolEvents | undefined;
  #stepsBefore = 0;
  #announced = false;
  /** Looks only for the beginning of JSON. */
  #probe = new PartialJsonParser();
  readonly #left = new AbortController();
  #failure: { error: unknown } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(begin: BeginCall, open: (request: GenerateRequest) => EventSource) {
    this.#begin = begin;
    this.#open = open;
  }

  next(): Promise<StreamEvent[] | undefined> {
    const turn = this.#last.then(() => this.#advance());
    this.#last = turn.catch(() => {});
    return turn;
  }

  abort(reason: unknown): void {
    if (!this.#left.signal.aborted) this.#left.abort(reason);
    this.#inner?.abort(reason);
  }

  async #advance(): Promise<StreamEvent[] | undefined> {
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      while (this.result === undefined) {
        const batch = await this.#read();
        if (batch.length > 0) return batch;
      }
      return undefined;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** The next events; none where a request ended and another is due, or the whole has ended. */
  async #read(): Promise<StreamEvent[]> {
    this.#call ??= this.#begin((warning) => this.#warnings.push({ type: "warning", warning }), this.#left.signal);
    const call = this.#call;
    this.#inner ??= this.#openNext(call);
    const inner = this.#inner;
    const mayGoOn = () => !this.#probe.started;
    let batch: StreamEvent[] | undefined;
    try {
      batch = await inner.next();
    } catch (error) {
      this.#inner = undefined;
      call.failed(error, mayGoOn());
      return this.#warnings.splice(0);
    }
    if (batch !== undefined) return this.#translate(batch);
    this.#inner = undefined;
    if (inner.result !== undefined) this.result = await call.answered(inner.result, mayGoOn());
    return this.#warnings.splice(0);
  }

  #openNext(call: StructuredCall): EventSource {
    const inner = this.#open(call.nextRequest());
    inner.onAborted = () => this.onAborted?.();
    this.#stepsBefore = call.stepsBefore;
    this.#tool = call.rung === "tool" ? new AnswerToolEvents(call.toolName) : undefined;
    if (this.#left.signal.aborted) inner.abort(this.#left.signal.reason);
    return inner;
  }

  #translate(batch: readonly StreamEvent[]): StreamEvent[] {
    const own: StreamEvent[] = [];
    if (this.#tool === undefined) own.push(...batch);
    else for (const event of batch) this.#tool.translate(event, own);
    return own.flatMap((event) => this.#place(event));
  }

  /** One start, one finish, and steps that count on over all requests. */
  #place(event: StreamEvent): StreamEvent[] {
    if (event.type === "finish" || (event.type === "start" && this.#announced)) return [];
    if (event.type === "start") this.#announced = true;
    if (event.type === "step-start" && !this.#probe.started) this.#probe = new PartialJsonParser();
    if (event.type === "text-delta" && !this.#probe.started) this.#probe.feed(event.text);
    if (this.#stepsBefore === 0 || !("step" in event)) return [event];
    return [{ ...event, step: event.step + this.#stepsBefore }];
  }
}
