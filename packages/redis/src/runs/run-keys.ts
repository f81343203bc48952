/** Where a run lies in Redis; `prefix` comes with its braces, so that all of it lies in one slot of a cluster. */
export function runKeys(prefix: string, runId: string) {
  const run = `${prefix}:run:${runId}`;
  return {
    /** A stream: one entry per event, its id `0-<seq>`, `e` its JSON, `f` on a final one. */
    events: `${run}:events`,
    /** A hash: what was kept, as JSON, by key. */
    kept: `${run}:kept`,
    /** Who executes the run; expires when its process is gone. */
    lease: `${run}:lease`,
    /** Who leased the run last, also after its lease has ended: whoever had it before writes nothing any more. */
    owner: `${run}:owner`,
    /** There while the run is asked to stop. */
    cancel: `${run}:cancel`,
    /** A channel: tells the `seq` of each event. */
    news: `${run}:news`,
    /** A channel: tells that the run is to stop. */
    stop: `${run}:stop`,
  };
}
