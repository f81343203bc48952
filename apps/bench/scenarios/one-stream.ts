import { assertChars, CPU_PER_CHUNK, clocked, PIECES } from "./clocked.ts";
import type { ProcessScenario } from "./scenario.ts";

const REPETITIONS = 3;

/** One stream at a time whose body is `body`. */
export function oneStream(title: string, body: string): ProcessScenario {
  return {
    kind: "process",
    title,
    metrics: [CPU_PER_CHUNK, PIECES],
    measure: (peer, run) => {
      const expect = run.expect(body);
      return run.repeat(REPETITIONS, async () => {
        let pieces = 0;
        const figures = await clocked(expect.deltas, async () => {
          const read = await peer.stream(`bench:${body}`);
          assertChars(read.chars, expect.chars);
          pieces = read.pieces;
        });
        return { ...figures, pieces: pieces / expect.pieces };
      });
    },
  };
}
