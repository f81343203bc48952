// Checks the imports, the names and the sizes of the source files against import-rules.mjs.
// `node .ci/arrows.mjs [root]` prints one line per finding and exits 1 where there is any.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import {
  bannedPathWords,
  coreRooms,
  lazyInCore,
  lazyParts,
  maxSourceLines,
  onlyIn,
  packages,
  start,
} from "./import-rules.mjs";
import { sourceImports } from "./source-imports.mjs";

/** @typedef {import("./source-imports.mjs").SourceImport} SourceImport */
/** @typedef {{ file: string, path: string, folder: string, name: string, isTest: boolean, isSource: boolean }} CodeFile */

const root = resolve(process.argv[2] ?? join(import.meta.dirname, ".."));
const CODE = /\.(ts|tsx|mts|cts|js|mjs|cjs)$/;
const SKIPPED = new Set(["node_modules", "dist", ".turbo", "coverage"]);
const SCOPE = "@signalbox/";
/**
 * What the tests of several packages stand on, written once: what every store has to do, the servers behind them and the
 * ports of those, the processes of a program, what listens to OpenTelemetry, what reads an answer piece by piece.
 */
const JOINT = /^packages\/[^/]+\/test\/([^/]+-(contract|server|recorder|process)|free-port|read-until)\.js$/;
const coreSource = join(root, "packages", "core", "src");

/** @type {string[]} */
const findings = [];
/** @param {string} where @param {string} what */
const report = (where, what) => void findings.push(`${where}: ${what}`);

const files = ["packages", "apps", "compat"].flatMap((top) => codeFiles(join(root, top)));
const exported = exportedNames();

for (const file of files) {
  checkPath(file);
  if (file.isSource && !file.isTest) checkLength(file);
  for (const found of sourceImports(file.file)) checkImport(file, found);
}

checkStart();

for (const finding of findings) console.error(finding);
console.log(`arrows: ${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;

/** @param {string} folder @returns {CodeFile[]} */
function codeFiles(folder) {
  if (!statSync(folder, { throwIfNoEntry: false })) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : codeFiles(file);
    return CODE.test(entry.name) ? [describe(file)] : [];
  });
}

/** @param {string} file @returns {CodeFile} */
function describe(file) {
  const path = relative(root, file).split(sep).join("/");
  const [top = "", name = "", inner = ""] = path.split("/");
  return {
    file,
    path,
    folder: join(root, top, name),
    name: top === "packages" ? name : "",
    isTest: inner === "test" || /\.test(-d)?\.tsx?$/.test(path),
    isSource: inner === "src",
  };
}

/** The specifiers that each workspace package really exports. */
function exportedNames() {
  const names = new Set();
  for (const name of readdirSync(join(root, "packages"))) {
    const manifest = readManifest(join(root, "packages", name));
    for (const entry of Object.keys(manifest?.exports ?? {})) names.add(join(`${SCOPE}${name}`, entry));
  }
  return names;
}

/** @param {string} folder */
function readManifest(folder) {
  const file = join(folder, "package.json");
  return statSync(file, { throwIfNoEntry: false }) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** @param {CodeFile} file */
function checkPath({ path }) {
  for (const word of path.split(/[^a-zA-Z0-9]+|(?<=[a-z0-9])(?=[A-Z])/)) {
    if (bannedPathWords.includes(word.toLowerCase())) report(path, `"${word}" says nothing about what the file holds`);
  }
}

/** @param {CodeFile} file */
function checkLength({ file, path }) {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n").length;
  if (lines > maxSourceLines) report(path, `${lines} lines; at most ${maxSourceLines}, one concept to a file`);
}

/** @param {CodeFile} file @param {SourceImport} found */
function checkImport(file, found) {
  const where = `${file.path}:${found.line}`;
  const { specifier } = found;

  if (specifier.startsWith(SCOPE) && !exported.has(specifier)) {
    report(where, `${specifier} is not an entry of that package`);
  }
  if (specifier.startsWith(".")) return checkRelative(file, found, where);
  if (file.isTest || !file.isSource || file.name === "") return;

  checkDeclared(file, found, where);
  if (specifier.startsWith(SCOPE)) {
    const row = packages[file.name];
    if (!allowed(row, specifier, found.kind)) report(where, `${file.name} may not import ${specifier} (${found.kind})`);
  }
  if (file.name !== "core") return;
  for (const { module, why } of lazyInCore) {
    if (found.kind === "value" && isModule(specifier, module)) report(where, `static import of ${module}: ${why}`);
  }
  for (const { module, room } of onlyIn) {
    if (isModule(specifier, module) && roomOf(corePath(file.file)) !== room)
      report(where, `only ${room}/ may import ${module}`);
  }
}

/** @param {CodeFile} file @param {SourceImport} found @param {string} where */
function checkRelative(file, found, where) {
  const target = resolve(dirname(file.file), found.specifier);
  if (!target.startsWith(file.folder + sep)) {
    const config = /\.config\.[a-z]+$/.test(file.path) && target.startsWith(join(root, ".ci") + sep);
    const joint = file.isTest && JOINT.test(relative(root, target).split(sep).join("/"));
    if (!config && !joint) report(where, `${found.specifier} leaves its package; import the package by name`);
    return;
  }
  if (file.name !== "core" || !file.isSource || file.isTest) return;
  const from = roomOf(corePath(file.file));
  const path = corePath(target);
  const to = roomOf(path);
  if (from === to) return;
  const row = coreRooms[from];
  if (!row) return report(where, `${from}/ has no row in import-rules.mjs`);
  const names = [to, path.replace(CODE, "")];
  if (!names.some((name) => allowed(row, name, found.kind))) {
    report(where, `${from} may not import ${to} (${found.kind})`);
  }
}

/** Follows the imports that load a module from where a client starts. */
function checkStart() {
  /** @type {Map<string, string[]>} */
  const ways = new Map([[join(coreSource, start), [start]]]);
  for (const [file, way] of ways) {
    if (!statSync(file, { throwIfNoEntry: false })) continue;
    const part = lazyParts.find((path) => `${corePath(file).replace(CODE, "")}/`.startsWith(`${path}/`));
    if (part !== undefined) {
      report(way.join(" > "), `${part} is a part that is loaded with import() only`);
      continue;
    }
    for (const { specifier, kind } of sourceImports(file)) {
      const target = resolve(dirname(file), specifier).replace(CODE, ".ts");
      if (kind === "value" && specifier.startsWith(".") && !ways.has(target))
        ways.set(target, [...way, corePath(target)]);
    }
  }
}

/** @param {string} file */
function corePath(file) {
  return relative(coreSource, file).split(sep).join("/");
}

/** The room of a file of core: its first folder, or `index` for a file in none. @param {string} path under src */
function roomOf(path) {
  const [room = "", inner] = path.split("/");
  return inner === undefined ? "index" : room;
}

/** @param {CodeFile} file @param {SourceImport} found @param {string} where */
function checkDeclared({ folder }, { specifier }, where) {
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (specifier.startsWith("node:")) return;
  if (builtinModules.includes(name)) return report(where, `write node:${specifier}`);
  const { dependencies, peerDependencies } = readManifest(folder) ?? {};
  if (!(name in { ...dependencies, ...peerDependencies })) report(where, `${name} is not a dependency of this package`);
}

/** @param {import("./import-rules.mjs").Row | undefined} row @param {string} target @param {SourceImport["kind"]} kind */
function allowed(row, target, kind) {
  return Boolean(row?.values.includes(target) || (kind === "type" && row?.types?.includes(target)));
}

/** @param {string} specifier @param {string} module */
function isModule(specifier, module) {
  return specifier === module || specifier.startsWith(`${module}/`);
}
