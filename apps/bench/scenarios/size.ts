import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { productsOf } from "./products.ts";
import type { SurveyScenario } from "./scenario.ts";

const BENCH = fileURLToPath(new URL("../", import.meta.url));
const KB = 1_024;
const RESOLVE_MODEL = `import { resolveModel } from "@signalbox/core";
console.log(resolveModel(process.argv[2]).sent);
`;

/** Bytes on disk and bytes in a bundle. zod and openai are core's peers: a user's own, outside of both. */
export const scenario: SurveyScenario = {
  kind: "survey",
  title: "size",
  metrics: [
    { key: "installedKB", title: "installed KB, with dependencies" },
    { key: "streamingKB", title: "minimal streaming program, gzip KB" },
    { key: "startKB", title: "of it loaded at the start, gzip KB" },
    { key: "resolveKB", title: "resolveModel alone, gzip KB" },
    { key: "resolveClient", title: "clients in it" },
    { key: "resolveCatalogue", title: "catalogue models in it" },
  ],
  async survey({ peers, corePackage }) {
    const figures: Record<string, Record<string, number[]>> = {};
    for (const { peer, packages, minimalProgram } of await productsOf(peers)) {
      const folders = packages.map((name) => (name === "@signalbox/core" ? corePackage : installed(name, BENCH)));
      figures[peer] = {
        installedKB: [installedSize(folders) / KB],
        streamingKB: [gzipSync(await bundle(minimalProgram, corePackage, true)).length / KB],
        startKB: [(await startSize(minimalProgram, corePackage)) / KB],
      };
      if (peer === "signalbox") Object.assign(figures[peer], await resolveModelAlone(minimalProgram, corePackage));
    }
    return figures;
  },
};

async function resolveModelAlone(streaming: string, corePackage: string): Promise<Record<string, number[]>> {
  const { LLMClient } = (await import(
    pathToFileURL(join(corePackage, "dist", "index.js")).href
  )) as typeof import("@signalbox/core");
  const llm = new LLMClient({ apiKey: "none", env: false });
  const models = llm.models.list();
  await llm.close();
  const clients = (text: string) => text.match(/\bclass _?LLMClient\b|\bLLMClient\w* = class\b/g)?.length ?? 0;
  // A row of the catalogue begins with the id and the name; ids alone also stand in the table of retired ones.
  const rows = (text: string) =>
    models.filter(({ id, name }) => text.includes(`"${id}", ${JSON.stringify(name)}`)).length;
  const whole = await bundle(streaming, corePackage, false);
  if (clients(whole) === 0 || rows(whole) === 0) throw new Error("client or catalogue are not found where they are");
  const alone = await bundle(RESOLVE_MODEL, corePackage, false);
  return {
    resolveKB: [gzipSync(await bundle(RESOLVE_MODEL, corePackage, true)).length / KB],
    resolveClient: [clients(alone)],
    resolveCatalogue: [rows(alone)],
  };
}

/** One file with all that can be reached from it, loaded at once or later. */
async function bundle(contents: string, corePackage: string, minify: boolean): Promise<string> {
  const result = await build({ ...settings(contents, corePackage), minify, write: false });
  return result.outputFiles[0]?.text ?? "";
}

/** Gzipped bytes of the entry and the chunks that it imports statically; what waits behind an `import()` is left out. */
async function startSize(contents: string, corePackage: string): Promise<number> {
  const { outputFiles, metafile } = await build({
    ...settings(contents, corePackage),
    minify: true,
    write: false,
    splitting: true,
    metafile: true,
    outdir: "out",
  });
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === "<stdin>");
  const loaded = new Set(entry === undefined ? [] : [entry]);
  for (const path of loaded) {
    for (const { path: target, kind, external } of metafile.outputs[path]?.imports ?? []) {
      if (kind === "import-statement" && !external) loaded.add(target);
    }
  }
  return outputFiles
    .filter(({ path }) => loaded.has(relative(process.cwd(), path)))
    .reduce((sum, { contents: bytes }) => sum + gzipSync(bytes).length, 0);
}

function settings(contents: string, corePackage: string): BuildOptions {
  return {
    stdin: { contents, resolveDir: BENCH, loader: "js" },
    alias: { "@signalbox/core": join(corePackage, "dist", "index.js") },
    external: contents.includes("@signalbox/core") ? ["zod", "openai"] : [],
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  };
}

/** The folder that `name` resolves to for a file in `from`. */
function installed(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(candidate)) return realpathSync(candidate);
    if (folder === dirname(folder)) throw new Error(`${name} is not installed for ${from}`);
  }
}

/** Bytes of the packages and of all that they depend on, each once. */
function installedSize(folders: readonly string[]): number {
  const seen = new Set(folders);
  let bytes = 0;
  for (const folder of seen) {
    bytes += sizeOf(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      dependencies?: Record<string, string>;
    };
    for (const name of Object.keys(dependencies)) seen.add(installed(name, folder));
  }
  return bytes;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? sum : sum + sizeOf(path);
    return sum + statSync(path).size;
  }, 0);
}
