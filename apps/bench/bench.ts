import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Command, readCommand, USAGE } from "./command-line.ts";
import { packCore } from "./measure/pack-core.ts";
import { runScenario, type Samples } from "./measure/run-scenario.ts";
import { surroundings } from "./report/surroundings.ts";
import { hotspotTables, scenarioTable, verdictTable } from "./report/table.ts";
import { verdicts } from "./report/verdicts.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { startUpstream, type Upstream } from "./upstream/start-upstream.ts";

const args = process.argv.slice(2);
if (args.includes("--help")) console.log(USAGE);
else process.exitCode = await bench(readCommand(args));

/** Prints the report on stdout and what is running on stderr; 1 where a limit is missed or a peer failed. */
async function bench(command: Command): Promise<number> {
  const packed = command.core === undefined ? packCore() : undefined;
  const folder = packed?.folder ?? resolve(command.core ?? "");
  const upstream = await startUpstream();
  console.log(`${surroundings(["pnpm bench", ...args].join(" "))}\n`);
  const results: Record<string, Samples> = {};
  try {
    for (const name of command.scenarios) {
      const { scenario } = (await import(`./scenarios/${name}.ts`)) as { scenario: Scenario };
      results[name] = await samplesOf(name, scenario, command, folder, upstream);
      console.log(`${scenarioTable(scenario, results[name])}\n`);
      if (command.profile) console.log(`${hotspotTables(results[name])}\n`);
    }
  } finally {
    upstream.stop();
    packed?.remove();
  }
  const judged = verdicts(results);
  if (judged.length > 0) console.log(`## Limits\n\n${verdictTable(judged)}`);
  const failures = Object.values(results)
    .flatMap(({ notes }) => Object.values(notes))
    .filter((note) => note.startsWith("failed"));
  for (const failure of failures) console.error(failure);
  return judged.every(({ passed }) => passed) && failures.length === 0 ? 0 : 1;
}

async function samplesOf(
  name: string,
  scenario: Scenario,
  { peers, runsOf, profile }: Command,
  folder: string,
  upstream: Upstream,
): Promise<Samples> {
  const progress = (text: string) => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
  if (scenario.kind === "survey") {
    progress(name);
    const unmet = scenario.unmet?.();
    const survey = { peers, corePackage: folder, baseURL: upstream.baseURL };
    if (unmet === undefined) return { values: await scenario.survey(survey), notes: {}, hotspots: {} };
    return { values: {}, notes: { [name]: `skipped: ${unmet}` }, hotspots: {} };
  }
  const core = pathToFileURL(resolve(folder, "dist", "index.js")).href;
  const plan = { name, scenario, peers: scenario.peers ?? peers, runsOf, core, profile };
  return runScenario(plan, upstream, progress);
}
