/**
 * Works on every item, at most `limit` at a time, and tells of results in the order of the items.
 *
 * Once one fails, no further one begins; those under way are waited for, because what they give is paid for. Then the
 * failure is thrown.
 */
export async function inOrder<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
  tell: (result: R, index: number) => void,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = new Map<number, R>();
  let next = 0;
  let failure: { error: unknown } | undefined;

  const worker = async () => {
    while (failure === undefined && next < items.length) {
      const index = next++;
      try {
        waiting.set(index, await work(items[index] as T, index));
      } catch (error) {
        failure ??= { error };
      }
      for (let at = results.length; waiting.has(at); at++) {
        const result = waiting.get(at) as R;
        results.push(result);
        tell(result, at);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failure !== undefined) throw failure.error;
  return results;
}
