// Every promise has a test: of the ids F01–F95 (faults), S1–S49 (the original guide) and R1–R10 (rules), each must lead
// the name of a test, or of a describe block around it, that passed. Reads Vitest JSON reports:
// node .ci/promises.mjs <report.json…>. Tests without an assertion fail by themselves, so a passed one has asserted.
import { readFileSync } from "node:fs";
import { leadingIds } from "./leading-ids.mjs";

const promised = [...ids("F", 95, 2), ...ids("S", 49), ...ids("R", 10)];
const tested = new Set(process.argv.slice(2).flatMap(passedNames).flatMap(leadingIds));

const missing = promised.filter((id) => !tested.has(id));
const unknown = [...tested].filter((id) => !promised.includes(id));
for (const id of missing) console.error(`${id}: no passed test is named after it`);
for (const id of unknown) console.error(`${id}: a test is named after it, but nothing of that number is promised`);
const kept = promised.filter((id) => tested.has(id)).length;
console.log(`promises: ${kept} of ${promised.length} have a passed test`);
process.exitCode = missing.length + unknown.length > 0 ? 1 : 0;

/**
 * @param {string} letter
 * @param {number} last
 * @param {number} digits
 */
function ids(letter, last, digits = 1) {
  return Array.from({ length: last }, (_, index) => letter + String(index + 1).padStart(digits, "0"));
}

/**
 * The names of the passed tests of a report, and of the blocks around them.
 * @param {string} file
 */
function passedNames(file) {
  /** @type {{ testResults: { assertionResults: { ancestorTitles: string[], title: string, status: string }[] }[] }} */
  const report = JSON.parse(readFileSync(file, "utf8"));
  return report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "passed")
    .flatMap(({ ancestorTitles, title }) => [...ancestorTitles, title]);
}
