import { assertChars, clocked } from "./clocked.ts";
import type { ProcessScenario } from "./scenario.ts";

/** How long it is measured, and what with. */
interface Extent {
  calls: number;
  repetitions: number;
  against: string;
  peers?: readonly string[];
}

const EXTENT: Extent = { calls: 512, repetitions: 3, against: "floor-a" };

/** Calls without streaming, `atOnce` of them running at any time. */
export function wholeAnswers(
  title: string,
  atOnce: number,
  { calls, repetitions, against, peers }: Extent = EXTENT,
): ProcessScenario {
  return {
    kind: "process",
    title,
    metrics: [{ key: "cpuUs", title: "CPU µs a call", against }],
    ...(peers && { peers }),
    measure: (peer, run) => {
      const { chars } = run.expect("json");
      return run.repeat(repetitions, () =>
        clocked(calls, async () => {
          let left = calls;
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
