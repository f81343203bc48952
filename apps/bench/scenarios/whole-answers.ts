import { assertChars, clockedAtOnce } from "./clocked.ts";
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
      const call = async () => assertChars(await peer.complete("bench:json"), chars);
      return run.repeat(REPETITIONS, () => clockedAtOnce(CALLS, atOnce, call));
    },
  };
}
