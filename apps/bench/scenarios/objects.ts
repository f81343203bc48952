import type { ObjectRead, Peer } from "../peers/peer.ts";
import { clocked } from "./clocked.ts";
import type { Figures, ProcessScenario, Run } from "./scenario.ts";

const REPETITIONS = 3;
const SIZES = [10, 100, 400];
/** A peer that takes longer than this for one object is believed at once and spared the larger ones. */
const PATIENCE_MS = 2_000;
const KEPT = 40;

/** An object that grows under the reader's eyes, a partial for each delta of 20 characters. */
export const scenario: ProcessScenario = {
  kind: "process",
  title: "partial objects of 10, 100 and 400 KB",
  metrics: [
    { key: "cpuMs10", title: "10 KB, CPU ms" },
    { key: "cpuMs100", title: "100 KB, CPU ms", against: "openai" },
    { key: "cpuMs400", title: "400 KB, CPU ms", against: "openai" },
    { key: "growth", title: "400 over 100" },
    { key: "updates", title: "updates a delta, 100 KB" },
  ],
  takesPart: (peer) => peer.object !== undefined,
  async measure(peer, run) {
    const figures: Figures = {};
    for (const size of SIZES) {
      const { cpuMs = Number.NaN, wallMs = Number.NaN, updates = Number.NaN } = await oneSize(peer, run, size);
      figures[`cpuMs${size}`] = cpuMs;
      if (size === 100) figures.updates = updates;
      if (wallMs > PATIENCE_MS) break;
    }
    const { cpuMs100 = Number.NaN, cpuMs400 } = figures;
    if (cpuMs400 !== undefined) figures.growth = cpuMs400 / cpuMs100;
    return figures;
  },
};

function oneSize(peer: Peer, run: Run, size: number): Promise<Figures> {
  const body = `object-${size}`;
  const { chars, deltas } = run.expect(body);
  const once = async (): Promise<Figures> => {
    let read: ObjectRead | undefined;
    let kept: { partial: unknown; text: string } | undefined;
    const figures = await clocked(1, async () => {
      let seen = 0;
      read = await peer.object?.(`bench:${body}`, (partial) => {
        seen += 1;
        if (seen === KEPT) kept = { partial, text: JSON.stringify(partial) };
      });
    });
    const got = JSON.stringify(read?.last).length;
    if (got !== chars) throw new Error(`the object has ${got} characters of JSON instead of ${chars}`);
    if (kept && JSON.stringify(kept.partial) !== kept.text)
      throw new Error("a partial changed after it was handed out");
    const { cpuUs = Number.NaN, wallUs = Number.NaN } = figures;
    return { cpuMs: cpuUs / 1_000, wallMs: wallUs / 1_000, updates: (read?.updates ?? 0) / deltas };
  };
  return run.repeat(REPETITIONS, once, PATIENCE_MS);
}
