import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { productsOf } from "./products.ts";
import type { SurveyScenario } from "./scenario.ts";

const ROUNDS = 15;
// The programs find the peers from here.
const DEPENDENCIES = fileURLToPath(new URL("../node_modules/", import.meta.url));

/** A process that imports and does nothing, less an empty program run right before it. */
export const scenario: SurveyScenario = {
  kind: "survey",
  title: "import, over bare node, median of 15",
  metrics: [
    { key: "importMs", title: "ms" },
    { key: "importCpuMs", title: "CPU ms" },
  ],
  async survey({ peers, corePackage }) {
    mkdirSync(join(DEPENDENCIES, ".packed"), { recursive: true });
    const folder = mkdtempSync(join(DEPENDENCIES, ".packed", "programs-"));
    const bare = program(folder, "bare", []);
    const core = pathToFileURL(join(corePackage, "dist", "index.js")).href;
    const programs = (await productsOf(peers)).map(({ peer, packages }) => ({
      peer,
      file: program(
        folder,
        peer,
        packages.map((name) => (name === "@signalbox/core" ? core : name)),
      ),
      figures: { importMs: [] as number[], importCpuMs: [] as number[] },
    }));
    for (const { file } of programs) elapsed(file);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { file, figures } of programs) {
        // Right before each: on a busy machine a minute later is another machine.
        const base = elapsed(bare);
        const { wallMs, cpuMs } = elapsed(file);
        figures.importMs.push(wallMs - base.wallMs);
        figures.importCpuMs.push(cpuMs - base.cpuMs);
      }
    }
    rmSync(folder, { recursive: true });
    return Object.fromEntries(programs.map(({ peer, figures }) => [peer, figures]));
  },
};

/** It says what CPU time it took, in microseconds; node:fs is loaded in any process. */
function program(folder: string, name: string, imports: readonly string[]): string {
  const file = join(folder, `${name}.mjs`);
  const lines = imports.map((specifier) => `import ${JSON.stringify(specifier)};`);
  lines.push(`import { writeSync } from "node:fs";`);
  lines.push("const { user, system } = process.cpuUsage();", "writeSync(1, String(user + system));", "");
  writeFileSync(file, lines.join("\n"));
  return file;
}

function elapsed(file: string): { wallMs: number; cpuMs: number } {
  const start = performance.now();
  const cpu = execFileSync(process.execPath, [file], { env: { PATH: process.env.PATH }, encoding: "utf8" });
  return { wallMs: performance.now() - start, cpuMs: Number(cpu) / 1_000 };
}
