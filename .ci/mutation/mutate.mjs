// `node .ci/mutation/mutate.mjs [--mutate <globs, comma-separated>] [--concurrency <n>]`: mutates the pure core, prints
// the score of each file and every mutant that no test noticed. Exits 1 below the threshold, and where a survivor has no
// reason in survivors.json or a reason has no survivor.
import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import config from "./stryker.config.mjs";
import { judge } from "./survivors.mjs";

const THRESHOLD = 95;
const root = join(import.meta.dirname, "..", "..");
const started = Date.now();
const { values } = parseArgs({ options: { mutate: { type: "string" }, concurrency: { type: "string" } } });

process.chdir(root);
// Read before the run: an edit during it would move the lines.
const sources = new Map(globSync("packages/core/src/**/*.ts").map((file) => [file, readFileSync(file, "utf8")]));
const results = await new Stryker({
  ...config,
  configFile: join(import.meta.dirname, "stryker.config.mjs"),
  ...(values.mutate === undefined ? {} : { mutate: values.mutate.split(",") }),
  ...(values.concurrency === undefined ? {} : { concurrency: Number(values.concurrency) }),
}).runMutationTest();

const mutants = results.map((result) => ({ ...result, fileName: relative(root, result.fileName) }));
const tested = mutants.filter(({ status }) => ["Killed", "Timeout", "Survived", "NoCoverage"].includes(status));
const files = [...new Set(tested.map(({ fileName }) => fileName))].sort();
for (const file of files)
  print(
    file,
    tested.filter(({ fileName }) => fileName === file),
  );
const score = print("all", tested);

const { unexplained, idle, explained } = judge({
  survivors: tested.filter(({ status }) => status === "Survived" || status === "NoCoverage"),
  files,
  reasons: JSON.parse(readFileSync(join(import.meta.dirname, "survivors.json"), "utf8")),
  sources,
});
for (const { line, ...survivor } of unexplained) {
  console.error(`survivor without a reason, line ${line}: ${JSON.stringify(survivor)}`);
}
for (const reason of idle) console.error(`reason without a survivor: ${JSON.stringify(reason)}`);
const others = mutants.length - tested.length;
const timedOut = tested.filter(({ status }) => status === "Timeout").length;
console.log(
  `mutation: ${score.toFixed(2)} % of ${tested.length} mutants (${timedOut} by their time), ${explained} survivors with a reason, ` +
    `${unexplained.length} without, ${idle.length} idle reasons, ${others} mutants not run, ` +
    `${Math.round((Date.now() - started) / 1000)} s`,
);
process.exitCode = score < THRESHOLD || unexplained.length > 0 || idle.length > 0 || tested.length === 0 ? 1 : 0;

/** @param {string} name @param {readonly { status: string }[]} of */
function print(name, of) {
  const killed = of.filter(({ status }) => status === "Killed" || status === "Timeout").length;
  const percent = of.length === 0 ? 0 : (100 * killed) / of.length;
  console.log(
    `${percent.toFixed(2).padStart(6)} %  ${String(killed).padStart(4)} of ${String(of.length).padEnd(4)}  ${name}`,
  );
  return percent;
}
