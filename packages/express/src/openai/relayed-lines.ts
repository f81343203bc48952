import { findErrorInBody, LLMError, StreamTruncatedError } from "@signalbox/core";
import { LineCutter } from "./line-cutter.js";
import { openAIErrorBody, parsed } from "./openai-error.js";

const DONE = /^data: ?\[DONE\]/m;
// Inside a text of the answer the quotes are escaped; anything else may stand in an object of its own.
const TELLING = /"finish_reason":\s*"|"error":\s*[{"]/;

/**
 * Upstream's stream as it came, byte for byte, cut at line ends. One that breaks off loses its broken line and ends
 * with an error event instead, so that it cannot pass for whole.
 *
 * Throws: what ended the stream before anything was given.
 */
export async function* relayedLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const cutter = new LineCutter();
  let begun = false;
  let finished = false;
  /** The stream has told its end itself: `[DONE]`, or an error event. */
  let told = false;
  const watch = (block: Buffer) => {
    const text = block.toString("latin1");
    told ||= DONE.test(text);
    if (!TELLING.test(text)) return;
    for (const line of text.split(/[\r\n]+/)) {
      if (!TELLING.test(line)) continue;
      const chunk = parsed(line.replace(/^data: ?/, ""));
      finished ||= isFinished(chunk);
      const error = findErrorInBody(chunk);
      told ||= error !== undefined && error.where !== "finish";
    }
  };
  let rest: Buffer | undefined;
  let failure: unknown;
  try {
    for await (const bytes of body) {
      const lines = cutter.take(bytes);
      if (lines === undefined) continue;
      begun = true;
      watch(lines);
      yield lines;
    }
    rest = cutter.rest();
    watch(rest);
    if (!told && !finished) failure = new StreamTruncatedError("stream_truncated", "stream ended unexpectedly");
  } catch (error) {
    failure = LLMError.is(error)
      ? error
      : new StreamTruncatedError("stream_truncated", "stream ended unexpectedly", { cause: error });
  }
  if (failure === undefined) {
    if (rest !== undefined && rest.length > 0) yield rest;
  } else if (!begun) {
    throw failure;
  } else if (!told) {
    // A line that was whole may still wait for the blank one, and where it ended in CR the first LF is part of that.
    yield Buffer.from(`\n\ndata: ${JSON.stringify(openAIErrorBody(failure))}\n\n`);
  }
}

function isFinished(chunk: unknown): boolean {
  const { choices } = (chunk ?? {}) as { choices?: unknown };
  if (!Array.isArray(choices)) return false;
  return choices.some((choice) => typeof (choice as { finish_reason?: unknown } | null)?.finish_reason === "string");
}
