import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import { MAX_BODY_BYTES } from "../http/read-body.js";
import type { ChatCompletion } from "../messages/chat-body.js";
import type { ChunkSink } from "../sse/chunk-sink.js";
import { EventDecoder } from "../sse/event-decoder.js";
import { type BodyKind, bodyKind, isBlankPiece } from "./body-kind.js";
import { completionToChunk } from "./completion-chunk.js";

/**
 * Turns the body of a chat answer into wire chunks, whether it is the event stream that was asked for or one JSON
 * object in its place. What cannot be read ends in `failure`, after everything before it was given out.
 */
export class ChunkReader {
  failure: LLMError | undefined;
  #kind: BodyKind | undefined;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #whole = false;
  readonly #decoder = new EventDecoder(MAX_BODY_BYTES);

  /** `[DONE]` was read, or a whole answer in place of a stream. */
  get done(): boolean {
    return this.#whole || this.#decoder.done;
  }

  /** How many chunks `pieces` completed; 0 for keep-alives only, undefined where nothing can be told yet. */
  read(pieces: readonly Uint8Array[], sink: ChunkSink): number | undefined {
    if (this.#kind === "events") return this.#decode(pieces, sink);
    for (const piece of pieces) this.#heldBytes += piece.length;
    this.#held.push(...pieces);
    this.#kind ??= bodyKind(this.#held);
    if (this.#kind === "events") return this.#decode(this.#take(), sink);
    if (this.#kind === "page") this.failure = createError("invalid_response", "the answer is an HTML page");
    else if (this.#heldBytes > MAX_BODY_BYTES) {
      this.failure = createError("invalid_response", `the answer is too large: more than ${MAX_BODY_BYTES} bytes`);
    }
    if (this.#kind !== undefined) return undefined;
    if (pieces.every(isBlankPiece)) this.#held = this.#held.filter((piece) => !isBlankPiece(piece));
    return 0;
  }

  /** How many chunks the end of the body completed, if any. */
  end(sink: ChunkSink): number | undefined {
    if (this.done || this.failure !== undefined) return undefined;
    if (this.#kind === undefined) {
      this.failure = createError("empty_response", "LLM did not return any content");
      return undefined;
    }
    if (this.#kind === "json") return this.#parseWhole(sink);
    const rest = this.#decoder.end();
    if (!this.#decoder.recognised) this.failure = createError("invalid_response", "the answer is plain text");
    for (const chunk of rest) sink.chunk(chunk);
    return rest.length > 0 ? rest.length : undefined;
  }

  #decode(pieces: readonly Uint8Array[], sink: ChunkSink): number | undefined {
    const count = this.#decoder.read(pieces, sink);
    this.failure = this.#decoder.failure;
    const { commented } = this.#decoder;
    this.#decoder.commented = false;
    return count > 0 || (commented && !this.done && this.failure === undefined) ? count : undefined;
  }

  #parseWhole(sink: ChunkSink): number | undefined {
    const text = Buffer.concat(this.#take())
      .toString("utf8")
      .replace(/^\ufeff/, "");
    try {
      sink.chunk(completionToChunk(JSON.parse(text) as ChatCompletion));
      this.#whole = true;
      return 1;
    } catch {
      this.failure = createError("invalid_response", "the answer is not valid JSON");
      return undefined;
    }
  }

  #take(): Uint8Array[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}
