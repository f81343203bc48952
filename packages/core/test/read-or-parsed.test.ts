import fc from "fast-check";
import { expect, test } from "vitest";
import { createError } from "../src/errors/error-classes.js";
import { systemClock } from "../src/http/clock.js";
import type { ByteSink, ByteSource } from "../src/http/transport.js";
import { type ChatChunk, type ChunkStream, LLMClient, LLMError, type StreamEvent } from "../src/index.js";
import { BodyChunkStream } from "../src/provider/body-chunk-stream.js";

/** What upstream sends in one attempt: the events of each network read, and how it ends. */
interface Attempt {
  reads: (ChatChunk | string)[][];
  isCut: boolean;
}
const DONE = "data: [DONE]\n\n";
const COMMENT = ": OPENROUTER PROCESSING\n\n";
const BROKEN = "data: {oops\n\n";
const cut = () => createError("stream_truncated", "the connection broke");
const broken = () => createError("invalid_response", "an event of the stream is not a JSON object");

/** The answer as bytes, one read in each turn of the loop. */
function asBytes({ reads, isCut }: Attempt): ChunkStream {
  let isOpen = true;
  const feed = async (sink: ByteSink) => {
    for (const read of reads) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isOpen) return;
      const parts = read.map((event) => (typeof event === "string" ? event : `data: ${JSON.stringify(event)}\n\n`));
      sink.onBytes(Buffer.from(parts.join("")));
    }
    if (isCut) sink.onError(cut());
    else sink.onEnd();
  };
  const source: ByteSource = {
    start: (sink) => void feed(sink),
    pause() {},
    resume() {},
    destroy() {
      isOpen = false;
    },
  };
  const facts = { source, clock: systemClock, status: 200, generationId: "gen-1" };
  return new BodyChunkStream({ ...facts, withHeaders: (error) => error });
}

/** The same answer from a provider of somebody's own, each event parsed by itself. */
function asLists({ reads, isCut }: Attempt): ChunkStream {
  return {
    status: 200,
    generationId: "gen-1",
    done: reads.flat().includes(DONE),
    close() {},
    async *[Symbol.asyncIterator]() {
      for (const read of reads) {
        const last = read.findIndex((event) => event === DONE || event === BROKEN);
        const heard = last === -1 ? read : read.slice(0, last);
        const chunks = heard.filter((event) => typeof event !== "string");
        if (chunks.length > 0 || (last === -1 && read.includes(COMMENT))) yield structuredClone(chunks);
        if (read[last] === BROKEN) throw broken();
        if (read[last] === DONE) return;
      }
      if (isCut) throw cut();
    },
  };
}

/** All that a call tells: events, failure with its part, and what was booked. */
async function outcome(attempts: readonly Attempt[], open: (attempt: Attempt) => ChunkStream, isTee = false) {
  let asked = 0;
  const provider = {
    name: "own",
    defaultModel: "a/b",
    chat: () => Promise.reject(new Error("not asked for")),
    chatStream: async () => open(attempts[Math.min(asked++, attempts.length - 1)] as Attempt),
  };
  const llm = new LLMClient({ provider, env: false, retry: { maxRetries: 1, baseDelayMs: 0 } });
  const told: { events: StreamEvent[]; error: unknown; booked: unknown[] } = { events: [], error: null, booked: [] };
  llm.on("usage", ({ usage, cost, generationId }) => told.booked.push({ usage, cost, generationId }));
  const stream = llm.stream({ prompt: "x" });
  const readers = isTee ? stream.tee() : [stream];
  const reads = readers.map(async (reader) => {
    const events: StreamEvent[] = [];
    try {
      for await (const event of reader.events) events.push(event);
    } catch (error) {
      if (!LLMError.is(error)) throw error;
      const { code, detail, attempts: made, partial, retryable, generationId } = error;
      return { events, error: { code, detail, made, partial, retryable, generationId } };
    }
    return { events, error: null };
  });
  const all = await Promise.all(reads);
  for (const other of all) expect(other).toEqual(all[0]);
  const isTime = (key: string) => key === "durationMs" || key === "timing";
  const whole = { ...all[0], booked: told.booked };
  return JSON.parse(JSON.stringify(whole, (key, value) => (isTime(key) ? undefined : value)));
}

const text = fc.oneof(fc.string({ maxLength: 4 }), fc.string({ unit: "binary", maxLength: 20 }), fc.constant(""));
/** Makes deltas that differ in their texts only. */
const delta = fc.constantFrom<(text: string) => object>(
  (content) => ({ content }),
  (content) => ({ role: "assistant", content, reasoning_details: [] }),
  (thought) => ({ reasoning: thought, reasoning_details: [{ type: "reasoning.text", index: 0, text: thought }] }),
  (thought) => ({ reasoning_details: [{ type: "reasoning.summary", index: 1, summary: thought, signature: "s" }] }),
  (piece) => ({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: piece } }] }),
  (piece) => ({ tool_calls: [{ index: 1, function: { arguments: piece } }] }),
  (content) => ({ content, reasoning_details: "odd", tool_calls: 7 }),
  (content) => ({ content, annotations: [{ type: "x", content }] }),
);
const often = <T>(usual: T, ...others: T[]) => fc.constantFrom(usual, usual, usual, usual, ...others);
const chunks = fc
  .record({
    make: delta,
    texts: fc.array(text, { minLength: 1, maxLength: 6 }),
    fields: fc.record({ id: often("x", "y"), model: often("a/b", "a/c"), usage: often(null, { total_tokens: 3 }) }),
    choice: fc.record({
      index: often(0, 1),
      finish_reason: often(null, "stop"),
      native_finish_reason: often(null, "end"),
      logprobs: often(null, { content: [{ token: "a" }] }),
    }),
    second: often<object[]>([], [{ index: 1, delta: { content: "other" } }]),
    error: often<object | undefined>(undefined, undefined, undefined, { code: 503, message: "busy" }),
  })
  .map(({ make, texts, fields, choice, second, error }): ChatChunk[] =>
    texts.map((one) => ({ ...fields, error, choices: [{ ...choice, delta: make(one) }, ...second] })),
  );
const attempt = fc
  .record({
    events: fc.array(fc.oneof({ weight: 12, arbitrary: chunks }, fc.constantFrom([COMMENT], [DONE], [BROKEN])), {
      minLength: 1,
      maxLength: 10,
    }),
    sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 60, maxLength: 60 }),
    isCut: often(false, true),
  })
  .map(({ events, sizes, isCut }): Attempt => {
    const left: (ChatChunk | string)[] = events.flat();
    return { isCut, reads: sizes.map((size) => left.splice(0, size)).filter((read) => read.length > 0) };
  });

test("a stream of bytes tells what the parses of its events tell, retries, failures and branches included", async () => {
  const attempts = fc.array(attempt, { minLength: 1, maxLength: 2 });
  const property = fc.asyncProperty(attempts, fc.boolean(), async (list, isTee) => {
    expect(await outcome(list, asBytes, isTee)).toEqual(await outcome(list, asLists));
  });
  await fc.assert(property, { numRuns: 150 });
});
