import { median } from "../report/statistics.ts";
import { assertChars, clocked } from "./clocked.ts";
import type { ProcessScenario } from "./scenario.ts";

const REPETITIONS = 3;
const CALLS = 400;

export const scenario: ProcessScenario = {
  kind: "process",
  title: "time to first token, one call after the other",
  metrics: [
    { key: "p50Us", title: "p50 µs", against: "floor-a" },
    { key: "cpuUs", title: "CPU µs a call", against: "floor-a" },
  ],
  measure: (peer, run) => {
    const { chars } = run.expect("first");
    return run.repeat(REPETITIONS, async () => {
      const waits: number[] = [];
      const figures = await clocked(CALLS, async () => {
        for (let call = 0; call < CALLS; call += 1) {
          const start = performance.now();
          const read = await peer.stream("bench:first", () => void waits.push((performance.now() - start) * 1_000));
          assertChars(read.chars, chars);
        }
      });
      return { ...figures, p50Us: median(waits) };
    });
  },
};
