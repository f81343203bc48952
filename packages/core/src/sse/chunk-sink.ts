import type { ChatChunk, ChunkDelta } from "../messages/chat-body.js";

/** A chunk that was read before, with other texts in its delta: everything else in it is as it was. */
export interface RepeatedChunk {
  /** Valid until the next chunk is read: the same object each time. */
  readonly delta: ChunkDelta;
  /** The whole chunk, for whoever wants to keep it. */
  copy(): ChatChunk;
}

/** Takes the chunks of a stream as they are read, and throws nothing. */
export interface ChunkSink {
  chunk(chunk: ChatChunk): void;
  /** What is the same in `chunk` since the last call with it, if no other call came between, need not be read again. */
  repeated(chunk: RepeatedChunk): void;
}

/** Keeps all chunks in `chunks`. */
export function collecting(chunks: ChatChunk[]): ChunkSink {
  return {
    chunk: (chunk) => void chunks.push(chunk),
    repeated: (chunk) => void chunks.push(chunk.copy()),
  };
}
