// The reference of every public name under docs/reference, made from the docstrings; a name without one is a failure.
// `node .ci/reference.mjs --check` compares with what is committed, `--write` updates it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Application } from "typedoc";
import { root } from "./package-entries.mjs";

const folder = join(root, "docs", "reference");
const write = process.argv.includes("--write");
const out = write ? folder : mkdtempSync(join(tmpdir(), "reference-"));

const application = await Application.bootstrapWithPlugins({ options: join(root, "typedoc.json"), out });
const project = await application.convert();
if (!project) throw new Error("the sources could not be read");
application.validate(project);
await application.generateOutputs(project);

const failed = application.logger.hasErrors() || application.logger.hasWarnings();
const stale = write ? [] : stalePages(folder, out);
for (const page of stale) console.error(`docs/reference/${page} is not what the docstrings say; run: npm run api`);
if (!write) rmSync(out, { recursive: true });
console.log(`reference: ${pages(folder).length} pages, ${stale.length} stale`);
process.exitCode = failed || stale.length > 0 ? 1 : 0;

/** @param {string} place @returns {string[]} */
function pages(place) {
  return readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .sort();
}

/** @param {string} committed @param {string} made */
function stalePages(committed, made) {
  const both = new Set([...pages(committed), ...pages(made)]);
  /** @param {string} place @param {string} page */
  const read = (place, page) => (pages(place).includes(page) ? readFileSync(join(place, page), "utf8") : undefined);
  return [...both].filter((page) => read(committed, page) !== read(made, page));
}
