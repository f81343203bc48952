import { z } from "zod";
import type { LLMClientOptions } from "../src/client/client-options.js";
import { LLMClient } from "../src/client/llm-client.js";
import { createError } from "../src/errors/error-classes.js";
import type { StructuredRequest, StructuredStreamOf } from "../src/generate/structured-types.js";
import type { ChatChunk } from "../src/messages/chat-body.js";
import type { ChunkStream } from "../src/provider/llm-provider.js";
import { type ScriptedReplySource, scriptedProvider } from "../src/testing/index.js";
import { batchesOf } from "./batches-of.js";

/** What the tests of growing objects ask for, and an answer that fits. */
export const Deck = z.object({ title: z.string(), pages: z.array(z.object({ body: z.string() })) });
export const deck = { title: "Solar", pages: [{ body: "one two" }, { body: "three" }] };
/** Upstream does not take the means. */
export const refused = (detail: string) =>
  createError("invalid_request", detail, { upstream: { status: 400, message: detail } });

/** A client whose model answers from a script word by word, and a question for a deck. */
export function growingDeck(replies: readonly ScriptedReplySource[], options: LLMClientOptions = {}) {
  const provider = scriptedProvider({ replies });
  const llm = new LLMClient({ provider, env: false, retry: false, limits: false, ...options });
  const ask = (more: Partial<StructuredRequest<typeof Deck>> = {}) =>
    llm.streamStructured({ prompt: "A deck", schema: Deck, ...more });
  return { llm, ask, requests: provider.requests };
}

export const textChunk = (content: string): ChatChunk => ({
  id: "gen-1",
  model: "m",
  choices: [{ index: 0, delta: { content } }],
});
export const finishChunk: ChatChunk = {
  id: "gen-1",
  choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.5 },
};

/** A client whose one answer comes in the given network reads; `gate` is awaited before the last read. */
export function readsClient(reads: readonly (readonly string[])[], gate?: Promise<void>) {
  const state = { closed: false };
  class Reads implements ChunkStream {
    done = false;
    async *[Symbol.asyncIterator](): AsyncGenerator<ChatChunk[]> {
      for (const [index, read] of reads.entries()) {
        if (gate !== undefined && index === reads.length - 1) await gate;
        yield read.map(textChunk);
      }
      yield [finishChunk];
      this.done = true;
    }
    close() {
      state.closed = true;
    }
  }
  const provider = { ...scriptedProvider(), chatStream: async () => new Reads() };
  return { llm: new LLMClient({ provider, env: false, retry: false, limits: false }), state };
}

export const partialsOf = async <S extends typeof Deck>(
  stream: StructuredStreamOf<S>,
): Promise<{ title?: string | undefined; pages?: unknown[] | undefined }[]> => batchesOf(stream);
