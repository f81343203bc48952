/**
 * Passes events on until `end` aborts; then it throws the reason, so that who only watches a run that goes on is told.
 */
export async function* untilShutdown<T>(events: AsyncIterable<T>, end: AbortSignal): AsyncGenerator<T, void, void> {
  const iterator = events[Symbol.asyncIterator]();
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => {});
  const onAbort = () => over.reject(end.reason);
  if (end.aborted) onAbort();
  else end.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      const turn = await Promise.race([iterator.next(), over.promise]);
      if (turn.done) return;
      yield turn.value;
    }
  } finally {
    end.removeEventListener("abort", onAbort);
    // It may be waiting for an event that never comes.
    void iterator.return?.()?.then(undefined, () => {});
  }
}
