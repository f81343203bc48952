import { assertChars, clocked } from "./clocked.ts";
import type { ProcessScenario } from "./scenario.ts";

const REPETITIONS = 3;
const CALLS = 512;

/** Calls without streaming, `atOnce` of them running at any time. */
export function wholeAnswers(title: string, atOnce: number): ProcessScenario {
  return {
    kind: "process",
    title,
    metrics: [{ key: "cpuUs", title: "CPU µs a call", against: "floor-a" }],
    measure: (peer, run) => {
      const { chars } = run.expect("json");
      return run.repeat(REPETITIONS, () =>
        clocked(CALLS, async () => {
          let left = CALLS;
          const worker = async () => {
            while (left > 0) {
              left -= 1;
              assertChars(await peer.complete("bench:json"), chars);
            }
          };
          await Promise.all(Array.from({ length: atOnce }, worker));
        }),
      );
    },
  };
}
