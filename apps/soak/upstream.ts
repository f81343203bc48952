// A process: the simulator, which tells when each of its requests is gone.
import { type Reply, type Simulator, type SimulatorOptions, startSimulator } from "@signalbox/testing";
import { answerParent, tellParent } from "./answer.ts";

/** What a model does: `talking` fast, `silent` after its first word, `flooding` whoever reads, `steady` two words a second. */
export type Manner = "talking" | "silent" | "flooding" | "steady";

/** Told when the answer to a prompt has ended or been left. */
export interface Closed {
  prompt: string;
  state: string;
  /** Of the machine's monotonic clock, in nanoseconds. */
  at: string;
}

const words = (count: number) => Array.from({ length: count }, () => "word ");
const flood = Array.from({ length: 4_000 }, () => "x".repeat(8_192));

function mannered(manner: Manner, seconds: number): { reply: Reply; pace: Partial<SimulatorOptions> } {
  if (manner === "talking") return { reply: { chunks: words(100_000) }, pace: { tokensPerSecond: 20 } };
  if (manner === "silent") return { reply: { chunks: words(10) }, pace: { tokensPerSecond: 0.001 } };
  if (manner === "flooding") return { reply: { chunks: flood }, pace: {} };
  return { reply: { chunks: words(2 * seconds) }, pace: { tokensPerSecond: 2 } };
}

let simulator: Simulator | undefined;

answerParent({
  async start({ manner, seconds }: { manner: Manner; seconds: number }): Promise<string> {
    await simulator?.close();
    const { reply, pace } = mannered(manner, seconds);
    simulator = await startSimulator({
      seed: 1,
      ...pace,
      script(request) {
        void request.closed.then(({ prompt, state }) => {
          tellParent({ prompt, state, at: String(process.hrtime.bigint()) } satisfies Closed);
        });
        return reply;
      },
    });
    return simulator.baseURL;
  },
});
