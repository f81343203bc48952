import { assertChars, CPU_PER_CHUNK, clocked } from "./clocked.ts";
import type { ProcessScenario } from "./scenario.ts";

const REPETITIONS = 3;
const STREAMS = 20;

/** About 13,000 events in 5 MB: mostly reasoning, written in the pieces in which they were once read. */
export const scenario: ProcessScenario = {
  kind: "process",
  title: "the 20 longest recorded streams, as recorded",
  metrics: [CPU_PER_CHUNK],
  needs: "recorded-0",
  measure: (peer, run) => {
    const bodies = Array.from({ length: STREAMS }, (_, at) => `recorded-${at}`);
    const deltas = bodies.reduce((sum, body) => sum + run.expect(body).deltas, 0);
    return run.repeat(REPETITIONS, () =>
      clocked(deltas, async () => {
        for (const body of bodies) {
          const read = await peer.stream(`bench:${body}`);
          assertChars(read.chars, run.expect(body).chars);
        }
      }),
    );
  },
};
