import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import { MAX_BODY_BYTES } from "../http/read-body.js";
import type { ChatChunk, ChatCompletion } from "../messages/chat-body.js";
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

  /** The chunks that `pieces` complete; an empty array for keep-alives only, undefined where nothing can be told yet. */
  read(pieces: readonly Uint8Array[]): ChatChunk[] | undefined {
    if (this.#kind === "events") return this.#decode(pieces);
    for (const piece of pieces) this.#heldBytes += piece.length;
    this.#held.push(...pieces);
    this.#kind ??= bodyKind(this.#held);
    if (this.#kind === "events") return this.#decode(this.#take());
    if (this.#kind === "page") this.failure = createError("invalid_response", "the answer is an HTML page");
    else if (this.#heldBytes > MAX_BODY_BYTES) {
      this.failure = createError("invalid_response", `the answer is too large: more than ${MAX_BODY_BYTES} bytes`);
    }
    if (this.#kind !== undefined) return undefined;
    if (pieces.every(isBlankPiece)) this.#held = this.#held.filter((piece) => !isBlankPiece(piece));
    return [];
  }

  /** What the end of the body completes. */
  end(): ChatChunk[] | undefined {
    if (this.done || this.failure !== undefined) return undefined;
    if (this.#kind === undefined) {
      this.failure = createError("empty_response", "LLM did not return any content");
      return undefined;
    }
    if (this.#kind === "json") return this.#parseWhole();
    const rest = this.#decoder.end();
    if (!this.#decoder.recognised) this.failure = createError("invalid_response", "the answer is plain text");
    return rest.length > 0 ? rest : undefined;
  }

  #decode(pieces: readonly Uint8Array[]): ChatChunk[] | undefined {
    const chunks = this.#decoder.decode(pieces);
    this.failure = this.#decoder.failure;
    const { commented } = this.#decoder;
    this.#decoder.commented = false;
    return chunks.length > 0 || (commented && !this.done && this.failure === undefined) ? chunks : undefined;
  }

  #parseWhole(): ChatChunk[] | undefined {
    const text = Buffer.concat(this.#take())
      .toString("utf8")
      .replace(/^\ufeff/, "");
    try {
      const chunk = completionToChunk(JSON.parse(text) as ChatCompletion);
      this.#whole = true;
      return [chunk];
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
