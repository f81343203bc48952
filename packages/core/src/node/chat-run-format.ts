import type { ChatRunEvents } from "../chat-runs/chat-run.js";
import { KeptFailure } from "../errors/kept-failure.js";
import type { PublicErrorBody } from "../errors/public-error.js";
import type { GenerateResult } from "../generate/generate-result.js";
import type { StreamEvent } from "../generate/stream-event.js";
import type { StepEvent, StepFailure } from "../steps/step-types.js";
import { asStreamEvent } from "./as-stream-event.js";
import { createFormat } from "./create-format.js";
import type { FormatOptions, StreamFormat, WireFormat } from "./wire-format.js";

const DONE = "data: [DONE]\n\n";

/** Formats in which every event stands for itself: they can be told from any event on. */
const LOOSE: ReadonlySet<string> = new Set(["events", "ndjson"]);

/**
 * Writes a chat run in any format, each event with its number, and of those that the reader has already nothing: the
 * formats that remember what they have said are told them all the same.
 */
export class ChatRunFormat implements WireFormat {
  readonly contentType: string;
  readonly headers: WireFormat["headers"];
  readonly ping: string | undefined;
  readonly #name: StreamFormat;
  readonly #options: FormatOptions;
  readonly #run: ChatRunEvents;
  readonly #numbers = new WeakMap<object, number>();
  #inner: WireFormat;
  #begun = false;
  #last = 0;

  /** Throws `invalid_request` for an unknown format. */
  constructor(run: ChatRunEvents, name: StreamFormat, options: FormatOptions) {
    this.#run = run;
    this.#name = name;
    // A page that is told an answer again has to see that it is the same one.
    this.#options = { ...options, messageId: run.runId };
    this.#inner = createFormat(name, this.#options);
    this.contentType = this.#inner.contentType;
    this.headers = this.#inner.headers;
    this.ping = this.#inner.ping;
  }

  /** What the run tells, as the pipe takes it. Throws what the run has failed with. */
  async *read(): AsyncGenerator<unknown, void, void> {
    const events = LOOSE.has(this.#name) ? this.#run : this.#run.fromStart();
    for await (const event of events) {
      this.#begin(event);
      this.#last = event.seq;
      if (event.status === "error") throw event.cause ?? new KeptFailure(wordsOf(event.data as StepFailure));
      const told = asStreamEvent(event.data);
      if (told !== undefined) this.#numbers.set(told, event.seq);
      yield told ?? event;
    }
  }

  event(event: StreamEvent): string {
    return this.#place(this.#inner.event(event), this.#numbers.get(event) ?? this.#last);
  }

  item(item: unknown): string {
    return this.#inner.item(item);
  }

  end(result: GenerateResult | undefined): string {
    const isOver = this.ping !== undefined;
    if (this.#last <= this.#run.after) return isOver ? DONE : "";
    const text = this.#inner.end(result);
    if (!isOver || !text.endsWith(DONE)) return this.#place(text, this.#last);
    return this.#place(text.slice(0, -DONE.length), this.#last) + DONE;
  }

  failure(error: unknown): string | undefined {
    return this.#inner.failure(error);
  }

  /** Readers that come later are told the same date as the first one. */
  #begin({ timestamp }: StepEvent): void {
    if (this.#begun) return;
    this.#begun = true;
    const date = Date.parse(timestamp);
    this.#inner = createFormat(this.#name, { ...this.#options, clock: { date: () => date } });
  }

  #place(text: string, seq: number): string {
    if (text === "" || seq <= this.#run.after) return "";
    if (this.#name === "ndjson") return `{"seq":${seq},${text.slice(1)}`;
    if (this.ping === undefined) return text;
    // The number stands on the last message of an event: whoever has it has all of the event.
    const start = text.lastIndexOf("\n\n", text.length - 3);
    const at = start < 0 ? 0 : start + 2;
    return `${text.slice(0, at)}id: ${seq}\n${text.slice(at)}`;
  }
}

/** True for what is told of a chat run, in whatever build of this package it was started or followed. */
export function isChatRun(stream: object): stream is ChatRunEvents {
  return "fromStart" in stream && "runId" in stream && "after" in stream;
}

function wordsOf(failure: StepFailure): PublicErrorBody["error"] {
  const { code, message, retryable, hint, retryAfterMs, generationId } = failure;
  return {
    code,
    message,
    // A chat that was stopped cannot be gone on with: nobody is to come back for it.
    retryable: retryable && code !== "aborted",
    // What is kept of a chat cannot be gone on with.
    ...(hint === undefined || code === "interrupted" ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(generationId === undefined ? {} : { generationId }),
  };
}
