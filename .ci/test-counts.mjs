// Prints "<passed> <failed>" of a Vitest JSON report. Skipped tests count as failed and are named; so does a test file
// that failed outside of its tests.
import { readFileSync } from "node:fs";

const [, , file = ""] = process.argv;
/** @type {{ testResults: { name: string, status: string, assertionResults: { fullName: string, status: string }[] }[] }} */
const report = JSON.parse(readFileSync(file, "utf8"));

let passed = 0;
let failed = 0;
for (const { name, status, assertionResults } of report.testResults) {
  const before = failed;
  for (const test of assertionResults) {
    if (test.status === "passed") passed += 1;
    else failed += 1;
    if (test.status !== "passed" && test.status !== "failed")
      console.error(`${test.status}: ${name}: ${test.fullName}`);
  }
  if (status === "failed" && failed === before) failed += 1;
}
console.log(`${passed} ${failed}`);
