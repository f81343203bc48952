/** Everything an async iterable yields, in order. */
export async function batchesOf<T>(source: AsyncIterable<T>): Promise<T[]> {
  const batches: T[] = [];
  for await (const batch of source) batches.push(batch);
  return batches;
}
