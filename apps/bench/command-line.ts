import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export interface Command {
  scenarios: readonly string[];
  peers: readonly string[];
  runs: number;
  /** How often that peer runs. */
  runsOf(peer: string): number;
  profile: boolean;
  core: string | undefined;
}

export const USAGE = `pnpm bench [scenario… | redis] [--peers a,b] [--runs n] [--quick] [--profile] [--core <folder>]`;

/** In the order of the report. */
export const SCENARIOS = [
  ...["single", "multibyte", "envelope", "recorded", "streams-100", "streams-500", "paced"],
  ...["first-token", "calls-1", "calls-64", "held", "objects", "import", "size", "relay"],
  ...["operations-64", "operations-stream", "redis-pace", "redis-calls", "redis-runs", "redis-memory", "ledgers"],
];

/** What can be asked for by one name. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  redis: ["operations-64", "operations-stream", "redis-pace", "redis-calls", "redis-runs", "redis-memory", "ledgers"],
};

const OURS = ["signalbox", "signalbox-limits", "signalbox-events"];
/** What a verdict hangs on, and the nearest peer; with --quick the others run once. */
const ALWAYS = ["floor-a", "floor-b", ...OURS, "signalbox-operations", "openai"];
/** Not clients to compare with: types, and what single scenarios bring along. */
const NOT_PEERS = ["peer", "wire", "signalbox-operations"];
const DEFAULT_RUNS = 5;
const QUICK_RUNS = 3;

/** The floors, then ours, then the rest by name: one file each. */
export function allPeers(): string[] {
  const files = readdirSync(fileURLToPath(new URL("./peers/", import.meta.url)));
  const names = files.map((file) => file.replace(/\.ts$/, "")).filter((name) => !NOT_PEERS.includes(name));
  const floors = names.filter((name) => name.startsWith("floor-"));
  return [...floors, ...OURS, ...names.filter((name) => !floors.includes(name) && !OURS.includes(name))];
}

/** Throws on a name that is not known, with the names that are. */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args].filter((arg) => arg !== "--"),
    allowPositionals: true,
    options: {
      peers: { type: "string" },
      runs: { type: "string" },
      quick: { type: "boolean", default: false },
      profile: { type: "boolean", default: false },
      core: { type: "string" },
    },
  });
  const { quick, profile, core } = values;
  const runsOf = (peer: string) => (quick && !ALWAYS.includes(peer) ? 1 : runs);
  const runs = values.runs === undefined ? (quick ? QUICK_RUNS : DEFAULT_RUNS) : Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: a whole number from 1`);
  const peers = values.peers?.split(",") ?? allPeers();
  return {
    scenarios: known("scenario", positionals.length > 0 ? positionals.flatMap(named) : SCENARIOS, SCENARIOS),
    peers: known("peer", peers, allPeers()),
    runs,
    runsOf,
    profile,
    core,
  };
}

const named = (name: string): readonly string[] => GROUPS[name] ?? [name];

function known(what: string, names: readonly string[], all: readonly string[]): readonly string[] {
  for (const name of names) {
    if (!all.includes(name)) throw new Error(`there is no ${what} "${name}"; there are: ${all.join(", ")}`);
  }
  return all.filter((name) => names.includes(name));
}
