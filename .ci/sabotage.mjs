// For each rule R1–R10 one line of core is replaced by a wrong one, in memory only, and the tests named beside it run:
// at least one that is named after the rule has to fail, with an assertion. Without any sabotage all of them pass.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leadingIds } from "./leading-ids.mjs";
import { SABOTAGES } from "./sabotage-rules.mjs";
import { sabotaged } from "./sabotage-source.mjs";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "sabotage-"));

/**
 * @typedef {{ fullName: string, ancestorTitles: string[], title: string, status: string, failureMessages: string[] }} Told
 * @typedef {{ testResults: { name: string, status: string, message: string, assertionResults: Told[] }[] }} Report
 */

try {
  for (const sabotage of SABOTAGES)
    sabotaged(readFileSync(join(root, "packages/core", sabotage.file), "utf8"), sabotage);
  checkUnharmed();
  let caught = 0;
  for (const sabotage of SABOTAGES) {
    const guards = run(sabotage.tests, sabotage.rule)
      .testResults.flatMap(({ assertionResults }) => assertionResults)
      .filter((test) => test.status === "failed" && isNamed(test, sabotage.rule) && hasAsserted(test));
    const [first] = guards;
    if (first !== undefined) caught += 1;
    const outcome = first === undefined ? "NOT CAUGHT" : `caught by ${guards.length}, such as "${first.fullName}"`;
    console.log(`${sabotage.rule} ${sabotage.breaks} (${sabotage.file}): ${outcome}`);
  }
  console.log(`${caught} of ${SABOTAGES.length} caught`);
  process.exitCode = caught === SABOTAGES.length ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** A test that fails anyway catches nothing. */
function checkUnharmed() {
  const { testResults } = run([...new Set(SABOTAGES.flatMap(({ tests }) => tests))], "");
  const broken = testResults.filter(({ status }) => status !== "passed");
  if (broken.length > 0)
    throw new Error(`these fail without any sabotage: ${broken.map(({ name }) => name).join(", ")}`);
}

/**
 * @param {readonly string[]} tests
 * @param {string} rule
 * @returns {Report}
 */
function run(tests, rule) {
  const file = join(folder, `${rule || "none"}.json`);
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const config = join(root, ".ci", "sabotage.config.ts");
  const given = [
    "run",
    "--config",
    config,
    "--mode",
    rule || "test",
    "--reporter=json",
    `--outputFile=${file}`,
    ...tests,
  ];
  const { stderr } = spawnSync(process.execPath, [vitest, ...given], {
    cwd: join(root, "packages", "core"),
    encoding: "utf8",
  });
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`vitest gave no report: ${stderr}`, { cause });
  }
}

/**
 * @param {Told} test
 * @param {string} rule
 */
function isNamed({ ancestorTitles, title }, rule) {
  return [...ancestorTitles, title].some((name) => leadingIds(name).includes(rule));
}

/** A source that no longer compiles, and a test that waits for ever, prove nothing. @param {Told} test */
function hasAsserted({ failureMessages }) {
  return failureMessages.some((message) => message.startsWith("AssertionError"));
}
