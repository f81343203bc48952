import type { Peer } from "../peers/peer.ts";
import { median } from "../report/statistics.ts";
import { clockedAtOnce } from "./clocked.ts";
import type { Figures, Metric } from "./scenario.ts";

export const PEERS = ["signalbox-operations"] as const;

/** What a block of calls is, and how many pairs of blocks are measured after how many that only warm up. */
export interface Blocks {
  calls: number;
  atOnce: number;
  warm: number;
  pairs: number;
  call(peer: Peer): Promise<void>;
}

/**
 * The client with operations and the one without, in turn in one process: between two processes the same code differs by
 * more than what is looked for. A server runs for days, so what is asked is the price of a call once the compiler is
 * done. The ratio is the median of those of the pairs.
 */
export async function inTurn(peer: Peer, { calls, atOnce, warm, pairs, call }: Blocks): Promise<Measured> {
  const { plain } = peer;
  if (plain === undefined) throw new Error("there is nothing to compare with");
  const block = async (of: Peer) => (await clockedAtOnce(calls, atOnce, () => call(of))).cpuUs;
  const measured: { withUs: number; plainUs: number }[] = [];
  for (let pair = 0; pair < warm + pairs; pair += 1) {
    const isTurned = pair % 2 === 1;
    const first = await block(isTurned ? peer : plain);
    const second = await block(isTurned ? plain : peer);
    if (pair >= warm) measured.push({ withUs: isTurned ? first : second, plainUs: isTurned ? second : first });
  }
  return {
    plainUs: median(measured.map(({ plainUs }) => plainUs)),
    cpuUs: median(measured.map(({ withUs }) => withUs)),
    ratio: median(measured.map(({ withUs, plainUs }) => withUs / plainUs)),
  };
}

export type Measured = Figures & Record<"plainUs" | "cpuUs" | "ratio", number>;

/** @param unit - what one call is */
export const metricsOf = (unit: string): Metric[] => [
  { key: "plainUs", title: `CPU µs ${unit} without` },
  { key: "cpuUs", title: "with" },
  { key: "ratio", title: "with ÷ without, pair by pair" },
];
