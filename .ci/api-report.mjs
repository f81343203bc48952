// The public names and signatures of every built entry, one text file each under docs/api.
// `node .ci/api-report.mjs --check` compares with what is committed, `--write` updates it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { declarationReport } from "./declaration-report.mjs";
import { packageEntries, root } from "./package-entries.mjs";

const write = process.argv.includes("--write");
const folder = join(root, "docs", "api");
const entries = packageEntries();
const program = ts.createProgram(
  entries.map(({ declarations }) => declarations),
  {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    skipLibCheck: true,
    noEmit: true,
  },
);

mkdirSync(folder, { recursive: true });
let stale = 0;
for (const { id, specifier, declarations, mainDeclarations } of entries) {
  const file = join(folder, `${id}.txt`);
  const text = `// ${specifier}\n\n${declarationReport(program, declarations, mainDeclarations)}`;
  if (write) writeFileSync(file, text);
  else if (readOrEmpty(file) !== text) {
    stale += 1;
    console.error(`docs/api/${id}.txt does not match what is built:`);
    for (const line of changedLines(readOrEmpty(file), text).slice(0, 40)) console.error(`  ${line}`);
  }
}
console.log(`API report: ${entries.length} entries, ${write ? "written" : `${stale} changed`}`);
if (stale > 0) {
  console.error("Where the change is meant: pnpm build && node .ci/api-report.mjs --write");
  process.exitCode = 1;
}

/** @param {string} file */
function readOrEmpty(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Lines that stand in one text only. @param {string} before @param {string} after */
function changedLines(before, after) {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const [inOld, inFresh] = [new Set(old), new Set(fresh)];
  return [
    ...old.filter((line) => !inFresh.has(line)).map((line) => `- ${line}`),
    ...fresh.filter((line) => !inOld.has(line)).map((line) => `+ ${line}`),
  ];
}
