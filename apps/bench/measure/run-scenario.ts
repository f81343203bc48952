import type { ProcessScenario } from "../scenarios/scenario.ts";
import type { Upstream } from "../upstream/start-upstream.ts";
import { addFigures, type Values } from "./in-rounds.ts";
import type { Hotspot } from "./profiler.ts";
import { runProcess } from "./run-process.ts";

export interface Plan {
  name: string;
  scenario: ProcessScenario;
  peers: readonly string[];
  /** How often each peer runs. */
  runsOf(peer: string): number;
  /** File URL of the core that is measured. */
  core: string;
  profile: boolean;
}

export interface Samples {
  /** By peer, then by metric, one value for each run. */
  values: Record<string, Values>;
  /** Why a peer has no figures. */
  notes: Record<string, string>;
  /** By peer, of its last run; only where a profile was asked for. */
  hotspots: Record<string, Hotspot[]>;
}

const TIMEOUT_MS = 180_000;

/** Runs the peers in turn, in reverse on odd runs, so that a slow minute of the machine falls on all of them. */
export async function runScenario(plan: Plan, upstream: Upstream, progress: (text: string) => void): Promise<Samples> {
  const { name, scenario, peers, core, profile } = plan;
  const samples: Samples = { values: {}, notes: {}, hotspots: {} };
  if (scenario.needs !== undefined && upstream.expect[scenario.needs] === undefined) {
    for (const peer of peers) samples.notes[peer] = "skipped: the recorded answers are not beside this checkout";
    return samples;
  }
  const target = { baseURL: upstream.baseURL, core };
  const rounds = Math.max(...peers.map((peer) => plan.runsOf(peer)));
  for (let round = 0; round < rounds; round += 1) {
    for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
      if (round >= plan.runsOf(peer) || samples.notes[peer] !== undefined) continue;
      progress(`${name} ${round + 1}/${rounds} ${peer}`);
      const assignment = { scenario: name, peer, target, expect: upstream.expect, profile };
      const outcome = await runProcess(assignment, scenario.nodeFlags ?? [], upstream, TIMEOUT_MS);
      if ("absent" in outcome) samples.notes[peer] = outcome.absent;
      else if ("failed" in outcome) samples.notes[peer] = `failed: ${outcome.failed}`;
      else keep(samples, peer, outcome.figures, outcome.hotspots);
    }
  }
  return samples;
}

function keep(samples: Samples, peer: string, figures: Record<string, number>, hotspots: Hotspot[]): void {
  samples.values[peer] ??= {};
  addFigures(samples.values[peer], figures);
  if (hotspots.length > 0) samples.hotspots[peer] = hotspots;
}
