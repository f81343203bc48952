// Packs the packages, installs the tarballs the way a user does, type-checks small programs against them and runs these
// as ES modules and as CommonJS under Node 22 and under the Node of this repository; the first example of each README too.
// With --registry <url> --version <version> the packages come from there instead.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkReadmes } from "./consumer-readmes.mjs";
import { publishedPackages, root } from "./package-entries.mjs";

/** What the programs under .ci/consumers need besides the packages themselves. */
const companions = {
  "@types/node": "24.19.2",
  [`node-linux-${process.arch}`]: "22",
  openai: "7.57.0",
  "reflect-metadata": "0.2.2",
  rxjs: "7.8.2",
  typescript: "6.0.3",
  zod: "4.6.7",
};

/** Two projects, each type-checked with both ways to resolve modules. CommonJS has the older frameworks: NestJS 12 is ESM only. */
const projects = [
  {
    type: "module",
    frameworks: {
      "@nestjs/common": "12.5.1",
      "@nestjs/core": "12.5.1",
      "@nestjs/platform-express": "12.5.1",
      "@types/express": "5.0.6",
      express: "5.3.0",
      ioredis: "6.0.0",
      redis: "6.3.1",
    },
    resolutions: { node16: "node16", bundler: "esnext" },
  },
  {
    type: "commonjs",
    frameworks: {
      "@nestjs/common": "11.2.10",
      "@nestjs/core": "11.2.10",
      "@nestjs/platform-express": "11.2.10",
      "@types/express": "4.17.25",
      express: "4.22.3",
      ioredis: "5.11.1",
      redis: "5.9.0",
    },
    resolutions: { node16: "node16", bundler: "commonjs" },
  },
];

const { registry, version: published } = parseArgs({
  options: { registry: { type: "string" }, version: { type: "string" } },
}).values;
const npmFlags = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
if (registry !== undefined) npmFlags.push("--registry", registry);
const work = mkdtempSync(join(tmpdir(), "signalbox-consumers-"));
let failures = 0;

try {
  const tarballs = published === undefined ? pack() : versions(published);
  loadAlone(tarballs);
  for (const project of projects) {
    const folder = install(project, tarballs);
    check(folder, project);
    await checkReadmes(folder, project.type, report);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`consumers: ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;

/** @param {string} version @returns {Record<string, string>} the packages as a registry has them */
function versions(version) {
  return Object.fromEntries(publishedPackages().map(({ manifest }) => [manifest.name, version]));
}

/** @returns {Record<string, string>} the packages with their tarballs */
function pack() {
  return Object.fromEntries(
    publishedPackages().map(({ folder, name, manifest }) => {
      const tarball = join(work, `${name}.tgz`);
      run("pnpm", ["pack", "--out", tarball], folder);
      return [manifest.name, `file:${tarball}`];
    }),
  );
}

/** Core loads with nothing beside it: its peers are for those who use a schema or the official client.
 * @param {Record<string, string>} tarballs */
function loadAlone({ "@signalbox/core": core }) {
  const folder = join(work, "alone");
  mkdirSync(folder);
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ private: true, dependencies: { "@signalbox/core": core } }),
  );
  run("npm", ["install", "--legacy-peer-deps", ...npmFlags], folder);
  for (const entry of [
    "@signalbox/core",
    "@signalbox/core/node",
    "@signalbox/core/testing",
    "@signalbox/core/mcp",
    "@signalbox/core/browser",
    "@signalbox/core/ledger",
  ]) {
    step(`alone: import ${entry}`, process.execPath, ["--input-type=module", "-e", `import "${entry}"`], folder, "");
    step(`alone: require ${entry}`, process.execPath, ["-e", `require("${entry}")`], folder, "");
  }
}

/** @param {typeof projects[number]} project @param {Record<string, string>} tarballs */
function install({ type, frameworks }, tarballs) {
  const folder = join(work, type);
  cpSync(join(root, ".ci", "consumers"), join(folder, "src"), { recursive: true });
  const manifest = { type, private: true, dependencies: { ...companions, ...frameworks, ...tarballs } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  run("npm", ["install", ...npmFlags], folder);
  return folder;
}

/** @param {string} folder @param {typeof projects[number]} project */
function check(folder, { type, resolutions }) {
  const nodes = [join(folder, "node_modules", `node-linux-${process.arch}`, "bin", "node"), process.execPath];
  for (const [moduleResolution, module] of Object.entries(resolutions)) {
    const name = `${type}, ${moduleResolution}`;
    step(`${name}: types`, process.execPath, compilerCall(folder, module, moduleResolution), folder);
    if (!existsSync(join(folder, moduleResolution))) continue;
    for (const program of readdirSync(join(folder, moduleResolution)).sort()) {
      for (const node of nodes)
        step(`${name}: ${program}, ${version(node)}`, node, [join(moduleResolution, program)], folder, "ok");
    }
  }
}

/** @param {string} folder @param {string} module @param {string} moduleResolution */
function compilerCall(folder, module, moduleResolution) {
  const compilerOptions = {
    module,
    moduleResolution,
    target: "es2023",
    lib: ["es2023", "esnext.disposable"],
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    esModuleInterop: true,
    experimentalDecorators: true,
    skipLibCheck: false,
    rootDir: "src",
    outDir: moduleResolution,
  };
  const file = `tsconfig.${moduleResolution}.json`;
  writeFileSync(join(folder, file), JSON.stringify({ compilerOptions, include: ["src"] }));
  return [join(folder, "node_modules", "typescript", "bin", "tsc"), "-p", file];
}

/** @param {string} node */
function version(node) {
  return run(node, ["--version"], work).trim();
}

/** @param {string} title @param {string} command @param {string[]} args @param {string} cwd @param {string} [expected] */
function step(title, command, args, cwd, expected) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 120_000 });
  // A program that ends early leaves with 0 as well: what it prints last is the proof.
  const passed = status === 0 && (expected === undefined || stdout.trim() === expected);
  report(title, passed ? "" : `status ${status}\n${stdout}${stderr}`);
}

/** @param {string} title @param {string} failure empty where there is none */
function report(title, failure) {
  console.log(`${failure === "" ? "ok  " : "FAIL"} ${title}`);
  if (failure === "") return;
  failures += 1;
  console.error(failure.slice(0, 6_000));
}

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${error ?? ""}\n${stdout}${stderr}`);
  return stdout;
}
