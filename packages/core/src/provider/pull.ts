import type { ChunkSink, RepeatedChunk } from "../sse/chunk-sink.js";

export type { ChunkSink, RepeatedChunk };

/** A reader's own way to be read: see {@link Pullable}. */
export const PULL = Symbol("pull");

/** How many chunks a read gave; undefined at the end. */
export type ReadCount = number | undefined;

/**
 * An iterator of chunks that can also be read without a list of them, and without a promise at each layer above it: the
 * chunks of one network read go to `sink`, then one of the two functions is called, and what it returns becomes the
 * outcome. One read at a time.
 */
export interface Pullable {
  [PULL]<T>(
    sink: ChunkSink,
    onRead: (count: ReadCount) => T | Promise<T>,
    onFailure: (error: unknown) => T | Promise<T>,
  ): Promise<T>;
}

export function isPullable(iterator: AsyncIterator<unknown>): iterator is AsyncIterator<unknown> & Pullable {
  return PULL in iterator;
}
