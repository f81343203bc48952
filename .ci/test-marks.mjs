// Finds tests that are focused, left for later, or skipped without a reason beside them.
// A reason is a comment on the line of the `.skip(` or on the line above it. `skipIf` and `runIf` name theirs in the condition.
import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
/** @type {string[]} */
const findings = [];
let files = 0;

for await (const path of glob("{packages,apps,compat,.ci}/**/*.{test,spec,test-d}.{ts,tsx}", {
  cwd: root,
  exclude: (name) => name === "node_modules" || name === "dist",
})) {
  files += 1;
  const lines = readFileSync(join(root, path), "utf8").split("\n");
  lines.forEach((line, index) => {
    const mark = /\b(?:describe|suite|test|it)\b[\w.]*\.(only|todo|skip)\b(?!\w)/.exec(line)?.[1];
    if (!mark) return;
    const hasReason = /\/\/\s*\S/.test(line) || /^\s*(\/\/|\*|\/\*)\s*\S/.test(lines[index - 1] ?? "");
    if (mark === "skip" && hasReason) return;
    findings.push(`${path}:${index + 1}: .${mark}${mark === "skip" ? " without a reason" : ""}`);
  });
}

for (const finding of findings) console.error(finding);
console.log(`test marks: ${files} files, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
