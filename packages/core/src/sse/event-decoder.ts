import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import type { ChatChunk } from "../messages/chat-body.js";
import { ChunkTemplates } from "./chunk-templates.js";
import { LineBlocks } from "./line-blocks.js";

const COLON = 58;
const SPACE = 32;
const BRACE = 123;
/** The first chunks of a stream are handed out before anything is learnt from them: somebody waits for them. */
const FIRST_FEW = 2;

/**
 * Server-sent events of a chat stream, from bytes to wire chunks.
 *
 * `decode` takes the pieces of one network read and gives every chunk that they complete; `end` gives what an
 * unterminated last event still holds, where that is whole JSON. Both keep what they found before a failure, which
 * then stands in `failure`. Lines may end in LF, CRLF or CR; `id`, `retry` and unknown fields are ignored.
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
  #beyondFirst = false;

  constructor(maxEventBytes: number) {
    this.#maxBytes = maxEventBytes;
  }

  decode(pieces: readonly Uint8Array[]): ChatChunk[] {
    const chunks: ChatChunk[] = [];
    if (this.done || this.failure !== undefined) return chunks;
    const block = this.#blocks.take(pieces);
    if (block !== undefined) this.#scan(block, chunks);
    this.#beyondFirst ||= chunks.length > 0;
    if (this.#blocks.heldBytes + this.#dataLength > this.#maxBytes) this.#failTooLarge();
    return chunks;
  }

  end(): ChatChunk[] {
    const chunks: ChatChunk[] = [];
    if (this.done || this.failure !== undefined) return chunks;
    const rest = this.#blocks.rest();
    this.#line(rest, 0, rest.length);
    this.#dispatch(chunks, true);
    return chunks;
  }

  #scan(block: string, chunks: ChatChunk[]): void {
    const { length } = block;
    let at = 0;
    while (at < length) {
      if (this.#data === undefined && this.#event === "") {
        const chunk = this.#templates.read(block, at);
        if (chunk !== undefined) {
          chunks.push(chunk);
          at = this.#templates.end;
          continue;
        }
      }
      // A block ends with a line end.
      const lineEnd = block.indexOf("\n", at);
      if (lineEnd === at) {
        this.#dispatch(chunks, false);
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

  #dispatch(chunks: ChatChunk[], unterminated: boolean): void {
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
      chunks.push(event === "error" && value.error == null ? { error: value } : value);
      if (isOneLine && (this.#beyondFirst || chunks.length > FIRST_FEW)) this.#templates.learn(data, value);
    } else if (event === "error") chunks.push({ error: data });
    // A cut last event is not a malformed one: whoever reads the stream sees that it ended early.
    else if (!unterminated)
      this.failure = createError("invalid_response", "an event of the stream is not a JSON object");
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
