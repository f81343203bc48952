import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import type { ChatChunk } from "../messages/chat-body.js";
import { type ChunkSink, collecting } from "./chunk-sink.js";
import { ChunkTemplates } from "./chunk-templates.js";
import { LineBlocks } from "./line-blocks.js";

const COLON = 58;
const SPACE = 32;
const BRACE = 123;
/** Nothing is learnt from the first chunks of a stream: somebody waits for them. */
const FIRST_FEW = 2;

/**
 * Server-sent events of a chat stream, from bytes to wire chunks.
 *
 * `read` takes the pieces of one network read and hands on every chunk that they complete; `decode` does the same and
 * gives a list; `end` gives what an unterminated last event still holds, where that is whole JSON. All keep what they
 * found before a failure, which then stands in `failure`. Lines may end in LF, CRLF or CR; `id`, `retry` and unknown fields are ignored.
 */
export class EventDecoder {
  /** `[DONE]` was read; everything after it is ignored. */
  done = false;
  /** An event that cannot be read; its text is not in the message. */
  failure: LLMError | undefined;
  /** A comment was read; whoever reports keep-alives sets it back. */
  commented = false;
  /** A comment or a known field was read: the body is an event stream. */
  recognised = false;

  readonly #blocks = new LineBlocks();
  readonly #templates = new ChunkTemplates();
  readonly #maxBytes: number;
  #data: string | undefined;
  #more: string[] | undefined;
  #dataLength = 0;
  #event = "";
  #count = 0;

  constructor(maxEventBytes: number) {
    this.#maxBytes = maxEventBytes;
  }

  decode(pieces: readonly Uint8Array[]): ChatChunk[] {
    const chunks: ChatChunk[] = [];
    this.read(pieces, collecting(chunks));
    return chunks;
  }

  /** @returns how many chunks went to `sink` */
  read(pieces: readonly Uint8Array[], sink: ChunkSink): number {
    if (this.done || this.failure !== undefined) return 0;
    const before = this.#count;
    const block = this.#blocks.take(pieces);
    if (block !== undefined) this.#scan(block, sink);
    if (this.#blocks.heldBytes + this.#dataLength > this.#maxBytes) this.#failTooLarge();
    return this.#count - before;
  }

  end(): ChatChunk[] {
    const chunks: ChatChunk[] = [];
    if (this.done || this.failure !== undefined) return chunks;
    const rest = this.#blocks.rest();
    this.#line(rest, 0, rest.length);
    this.#dispatch(collecting(chunks), true);
    return chunks;
  }

  #scan(block: string, sink: ChunkSink): void {
    const { length } = block;
    let at = 0;
    while (at < length) {
      if (this.#data === undefined && this.#event === "") {
        const repeated = this.#templates.read(block, at);
        if (repeated !== undefined) {
          sink.repeated(repeated);
          this.#count += 1;
          at = repeated.end;
          continue;
        }
      }
      // A block ends with a line end.
      const lineEnd = block.indexOf("\n", at);
      if (lineEnd === at) {
        this.#dispatch(sink, false);
        if (this.done || this.failure !== undefined) return;
      } else {
        this.#line(block, at, lineEnd);
      }
      at = lineEnd + 1;
    }
  }

  #line(text: string, start: number, end: number): void {
    if (text.charCodeAt(start) === COLON) {
      this.recognised = true;
      this.commented = true;
      return;
    }
    if (text.startsWith("data", start)) {
      const colon = start + 4;
      if (end > colon && text.charCodeAt(colon) !== COLON) return;
      this.recognised = true;
      const from = colon + (text.charCodeAt(colon + 1) === SPACE ? 2 : 1);
      this.#append(text.slice(from, end));
    } else if (text.startsWith("event:", start)) {
      this.recognised = true;
      this.#event = text.slice(start + 6, end).trim();
    } else if (text.startsWith("id:", start) || text.startsWith("retry:", start)) {
      this.recognised = true;
    }
  }

  #append(value: string): void {
    this.#dataLength += value.length;
    if (this.#data === undefined) this.#data = value;
    else if (this.#more === undefined) this.#more = [value];
    else this.#more.push(value);
  }

  #dispatch(sink: ChunkSink, unterminated: boolean): void {
    const first = this.#data;
    const event = this.#event;
    this.#event = "";
    if (first === undefined) return;
    const isOneLine = this.#more === undefined;
    const data = this.#more === undefined ? first : `${first}\n${this.#more.join("\n")}`;
    this.#data = undefined;
    this.#more = undefined;
    this.#dataLength = 0;
    if (data.charCodeAt(0) !== BRACE) {
      const trimmed = data.trim();
      if (trimmed === "") return;
      if (trimmed === "[DONE]") {
        this.done = true;
        return;
      }
    }
    const value = parseObject(data);
    if (value !== undefined) {
      this.#hand(event === "error" && value.error == null ? { error: value } : value, sink);
      if (isOneLine && this.#count > FIRST_FEW) this.#templates.learn(data, value);
    } else if (event === "error") this.#hand({ error: data }, sink);
    // A cut last event is not a malformed one: whoever reads the stream sees that it ended early.
    else if (!unterminated)
      this.failure = createError("invalid_response", "an event of the stream is not a JSON object");
  }

  #hand(chunk: ChatChunk, sink: ChunkSink): void {
    this.#count += 1;
    sink.chunk(chunk);
  }

  #failTooLarge(): void {
    this.failure = createError(
      "invalid_response",
      `an event of the stream is too large: more than ${this.#maxBytes} bytes`,
    );
  }
}

function parseObject(text: string): ChatChunk | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as ChatChunk) : undefined;
  } catch {
    // As little as JSON that is no object.
  }
  return undefined;
}
