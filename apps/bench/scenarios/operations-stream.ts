import type { Peer } from "../peers/peer.ts";
import { assertChars } from "./clocked.ts";
import { inTurn, metricsOf, PEERS } from "./operations.ts";
import type { ProcessScenario } from "./scenario.ts";

const AT_ONCE = 20;
const PACED = 200;
/** Blocks of 100 streams: after 15,000 of each client the compiler is done, and the ratio changes no more. */
const WARM = 200;

export const scenario: ProcessScenario = {
  kind: "process",
  title: `operations: streams of 200 chunks, ${AT_ONCE} at once; ${PACED} at once of 100 chunks, 50 a second`,
  peers: PEERS,
  metrics: [...metricsOf("a stream"), { key: "paced", title: "the same, paced" }],
  async measure(peer, run) {
    const read = (body: string) => {
      const { chars } = run.expect(body);
      return async (of: Peer) => assertChars((await of.stream(`bench:${body}`)).chars, chars);
    };
    const fast = await inTurn(peer, { calls: 100, atOnce: AT_ONCE, warm: WARM, pairs: 100, call: read("short") });
    const paced = await inTurn(peer, { calls: PACED, atOnce: PACED, warm: 1, pairs: 5, call: read("paced") });
    return { ...fast, paced: paced.ratio };
  },
};
