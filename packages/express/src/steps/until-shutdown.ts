/**
 * Passes events on until `end` aborts; then it throws the reason, so that who only watches a run that goes on is told.
 */
export async function* untilShutdown<T>(events: AsyncIterable<T>, end: AbortSignal): AsyncGenerator<T, void, void> {
  const iterator = events[Symbol.asyncIterator]();
  let giveUp: (reason: unknown) => void = () => {};
  const onAbort = () => giveUp(end.reason);
  end.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      // One promise a turn: a race against one that lasts would keep every event it has seen.
      const turn = await new Promise<IteratorResult<T>>((resolve, reject) => {
        if (end.aborted) return reject(end.reason);
        giveUp = reject;
        iterator.next().then(resolve, reject);
      });
      if (turn.done) return;
      yield turn.value;
    }
  } finally {
    end.removeEventListener("abort", onAbort);
    // It may be waiting for an event that never comes.
    void iterator.return?.()?.then(undefined, () => {});
  }
}
