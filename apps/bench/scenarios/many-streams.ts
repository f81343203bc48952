import { assertChars, CPU_PER_CHUNK, clocked, PIECES } from "./clocked.ts";
import type { ProcessScenario } from "./scenario.ts";

const REPETITIONS = 3;

/** `count` streams at once, each with `body`. */
export function manyStreams(title: string, body: string, count: number): ProcessScenario {
  return {
    kind: "process",
    title,
    metrics: [CPU_PER_CHUNK, PIECES],
    measure: (peer, run) => {
      const expect = run.expect(body);
      return run.repeat(REPETITIONS, async () => {
        let pieces = 0;
        const figures = await clocked(expect.deltas * count, async () => {
          const reads = await Promise.all(Array.from({ length: count }, () => peer.stream(`bench:${body}`)));
          for (const read of reads) {
            assertChars(read.chars, expect.chars);
            pieces += read.pieces;
          }
        });
        return { ...figures, pieces: pieces / (expect.pieces * count) };
      });
    },
  };
}
