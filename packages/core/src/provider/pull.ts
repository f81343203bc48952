/** A reader's own way to be read: see {@link Pullable}. */
export const PULL = Symbol("pull");

/**
 * An iterator that can also be read without a promise at each layer above it. What the two functions return becomes the
 * outcome; they run in the microtask in which the iterator itself learns of what it read. One read at a time.
 */
export interface Pullable<R> {
  [PULL]<T>(onRead: (read: R) => T | Promise<T>, onFailure: (error: unknown) => T | Promise<T>): Promise<T>;
}

export function isPullable<R>(iterator: AsyncIterator<unknown>): iterator is AsyncIterator<unknown> & Pullable<R> {
  return PULL in iterator;
}
