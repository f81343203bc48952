import { findErrorInBody, LLMError, StreamTruncatedError } from "@signalbox/core";
import { shutdownOf } from "@signalbox/core/node";
import { LineCutter } from "./line-cutter.js";
import { openAIErrorBody, parsed } from "./openai-error.js";

const DONE = /^data: ?\[DONE\]/m;
// Inside a text of the answer the quotes are escaped; anything else may stand in an object of its own.
const TELLING = /"finish_reason":\s*"|"error":\s*[{"]/;
/** One of them is in every line that says how the answer ended, and none in most blocks: bytes are searched faster. */
const SIGNS = ["[DONE]", '"error":', '"finish_reason":"', '"finish_reason": '].map((sign) => Buffer.from(sign));

/**
 * Upstream's stream as it came, byte for byte, cut at line ends. One that breaks off loses its broken line and ends
 * with an error event instead, so that it cannot pass for whole.
 */
export class RelayedLines {
  readonly #cutter = new LineCutter();
  #begun = false;
  #finished = false;
  /** The stream has told its end itself: `[DONE]`, or an error event. */
  #told = false;

  /**
   * What goes out now that `bytes` have come; undefined for nothing.
   *
   * @throws InvalidResponseError `invalid_response` for a line that is too long
   */
  take(bytes: Uint8Array): Buffer | undefined {
    const lines = this.#cutter.take(bytes);
    if (lines === undefined) return undefined;
    this.#begun = true;
    this.#watch(lines);
    return lines;
  }

  /** What goes out last, where upstream's stream has come to its end. Throws where it ended before its first line. */
  end(): Buffer {
    const rest = this.#cutter.rest();
    this.#watch(rest);
    if (this.#told || this.#finished) return rest;
    return this.#breakOff(new StreamTruncatedError("stream_truncated", "stream ended unexpectedly"));
  }

  /** What goes out last, where the stream has failed. Throws where nothing has gone out. */
  fail(error: unknown): Buffer {
    if (LLMError.is(error)) return this.#breakOff(shutdownOf(error) ?? error);
    return this.#breakOff(new StreamTruncatedError("stream_truncated", "stream ended unexpectedly", { cause: error }));
  }

  #breakOff(failure: LLMError): Buffer {
    if (!this.#begun) throw failure;
    // A line that was whole may still wait for the blank one, and where it ended in CR the first LF is part of that.
    return Buffer.from(this.#told ? "" : `\n\ndata: ${JSON.stringify(openAIErrorBody(failure))}\n\n`);
  }

  #watch(block: Buffer): void {
    if (!SIGNS.some((sign) => block.includes(sign))) return;
    const text = block.toString("latin1");
    this.#told ||= DONE.test(text);
    if (!TELLING.test(text)) return;
    for (const line of text.split(/[\r\n]+/)) {
      if (!TELLING.test(line)) continue;
      const chunk = parsed(line.replace(/^data: ?/, ""));
      this.#finished ||= isFinished(chunk);
      const error = findErrorInBody(chunk);
      this.#told ||= error !== undefined && error.where !== "finish";
    }
  }
}

function isFinished(chunk: unknown): boolean {
  const { choices } = (chunk ?? {}) as { choices?: unknown };
  if (!Array.isArray(choices)) return false;
  return choices.some((choice) => typeof (choice as { finish_reason?: unknown } | null)?.finish_reason === "string");
}
