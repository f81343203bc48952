import { assertChars, clocked } from "./clocked.ts";
import { OPERATIONS } from "./operations.ts";
import type { ProcessScenario } from "./scenario.ts";

const AT_ONCE = 20;
const STREAMS = 2_000;
const PACED = 200;

export const scenario: ProcessScenario = {
  kind: "process",
  title: `operations: streams of 200 chunks, ${AT_ONCE} at once; ${PACED} at once of 100 chunks, 50 a second`,
  peers: OPERATIONS.peers,
  metrics: [
    { key: "cpuUs", title: "as fast as it goes, CPU µs a stream", against: OPERATIONS.against },
    { key: "pacedCpuUs", title: "paced, CPU µs a stream", against: OPERATIONS.against },
  ],
  async measure(peer, run) {
    const read = (body: string, streams: number, atOnce: number, repetitions: number) => {
      const { chars } = run.expect(body);
      return run.repeat(repetitions, () =>
        clocked(streams, async () => {
          let left = streams;
          const worker = async () => {
            while (left > 0) {
              left -= 1;
              assertChars((await peer.stream(`bench:${body}`)).chars, chars);
            }
          };
          await Promise.all(Array.from({ length: atOnce }, worker));
        }),
      );
    };
    const { cpuUs = Number.NaN } = await read("short", STREAMS, AT_ONCE, OPERATIONS.repetitions);
    const { cpuUs: pacedCpuUs = Number.NaN } = await read("paced", PACED, PACED, 1);
    return { cpuUs, pacedCpuUs };
  },
};
