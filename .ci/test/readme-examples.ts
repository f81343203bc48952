import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** A workspace package from whose folder every package of ours resolves, built. */
const DEMO = "apps/demo";

/** The TypeScript blocks of a Markdown file, in order. */
export function examplesOf(file: string): string[] {
  const text = readFileSync(root + file, "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code as string);
}

export interface RunningExample {
  child: ChildProcess;
  /** The port of the server that the example starts. */
  port: Promise<number>;
  /** What it printed, once it has ended; rejects where it ended badly. */
  output: Promise<string>;
  stop(): Promise<void>;
}

/** Runs an example as its reader would: as a program of its own, with the built packages that `from` depends on. */
export function runExample(code: string, env: Record<string, string>, from = DEMO): RunningExample {
  const folder = mkdtempSync(`${root}${from}/node_modules/.readme-`);
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, experimentalDecorators: true },
  });
  writeFileSync(`${folder}/example.mjs`, outputText);
  const child = spawn(
    process.execPath,
    ["--import", new URL("announce-port.mjs", import.meta.url).href, `${folder}/example.mjs`],
    {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  const printed: string[] = [];
  child.stdout?.on("data", (data) => printed.push(String(data)));
  child.stderr?.on("data", (data) => printed.push(String(data)));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const output = ended.then((status) => {
    rmSync(folder, { recursive: true, force: true });
    if (status === 0 || child.killed) return printed.join("");
    throw new Error(`the example ended with ${status}: ${printed.join("")}`);
  });
  const port = new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve((message as { port: number }).port));
    output.then(() => reject(new Error("the example ended without listening")), reject);
  });
  port.catch(() => {});
  return {
    child,
    port,
    output,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
