import type { OpenPeer, Target } from "../peers/peer.ts";
import { median } from "../report/statistics.ts";
import type { Figures, ProcessScenario, Run } from "../scenarios/scenario.ts";
import type { Expectation } from "../upstream/body.ts";
import { type Hotspot, Profiler } from "./profiler.ts";

/** What one process measures; it comes as the only argument, in JSON. */
export interface Assignment {
  scenario: string;
  peer: string;
  target: Target;
  expect: Record<string, Expectation>;
  profile: boolean;
}

/** What it sends back: figures, or the reason why there are none. */
export type Outcome = { figures: Figures; hotspots: Hotspot[] } | { absent: string } | { failed: string } | "release";

const {
  scenario: scenarioName,
  peer: peerName,
  target,
  expect,
  profile,
} = JSON.parse(process.argv[2] ?? "{}") as Assignment;
const profiler = profile ? new Profiler() : undefined;

const run: Run = {
  expect(body) {
    const expectation = expect[body];
    if (!expectation) throw new Error(`the upstream has no body "${body}"`);
    return expectation;
  },
  async repeat(times, once, patienceMs = Number.POSITIVE_INFINITY) {
    const start = performance.now();
    const cold = await once();
    if (performance.now() - start > patienceMs) return cold;
    await profiler?.start();
    const all: Figures[] = [];
    for (let at = 0; at < times; at += 1) all.push(await once());
    await profiler?.stop();
    return middle(all);
  },
  release: () => send("release"),
};

try {
  send(await measure());
} catch (error) {
  send({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
process.disconnect();

async function measure(): Promise<Outcome> {
  const { scenario } = (await import(`../scenarios/${scenarioName}.ts`)) as { scenario: ProcessScenario };
  const { open } = (await import(`../peers/${peerName}.ts`)) as { open: OpenPeer };
  const peer = await open(target);
  if (scenario.takesPart?.(peer) === false) return { absent: "it has no such thing" };
  return { figures: await scenario.measure(peer, run), hotspots: profiler?.hotspots() ?? [] };
}

function middle(all: readonly Figures[]): Figures {
  const keys = Object.keys(all[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, median(all.map((figures) => figures[key] ?? Number.NaN))]));
}

function send(outcome: Outcome): void {
  process.send?.(outcome);
}
