import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** A process that runs a TypeScript program over the packages' sources; killed when the test is over. */
export interface SourceProcess {
  readonly pid: number;
  /** The next line that it prints; rejects where it has ended. */
  line(): Promise<string>;
  say(text: string): void;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code and the signal that ended it. */
  readonly exited: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

const SOURCES = fileURLToPath(new URL("../../../.ci/run-sources.mjs", import.meta.url));

/** @param program - a file beside the test: `new URL("worker-program.ts", import.meta.url)` */
export function sourceProcess(program: URL, args: readonly string[] = []): SourceProcess {
  const file = fileURLToPath(program);
  const flags = ["--experimental-transform-types", "--disable-warning=ExperimentalWarning", "--import", SOURCES];
  const child = spawn(process.execPath, [...flags, file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${file} has ended`);
      return value;
    },
    say: (text) => void child.stdin.write(`${text}\n`),
    kill: (signal) => void child.kill(signal),
    exited,
  };
}
