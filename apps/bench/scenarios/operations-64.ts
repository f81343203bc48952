import { assertChars } from "./clocked.ts";
import { inTurn, metricsOf, PEERS } from "./operations.ts";
import type { ProcessScenario } from "./scenario.ts";

export const scenario: ProcessScenario = {
  kind: "process",
  title: "operations: answers without streaming, 64 at once",
  peers: PEERS,
  metrics: metricsOf("a call"),
  measure(peer, run) {
    const { chars } = run.expect("json");
    const call = async (of: typeof peer) => assertChars(await of.complete("bench:json"), chars);
    return inTurn(peer, { calls: 500, atOnce: 64, warm: 40, pairs: 60, call });
  },
};
