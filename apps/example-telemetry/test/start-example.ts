import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

type Line = Record<string, unknown>;

/** What the example left when it had stopped. */
export interface Left {
  readonly code: number | null;
  /** The file of spans and metrics, line by line, and as text. */
  readonly telemetry: Line[];
  readonly telemetryText: string;
  /** The log that it wrote to standard error. */
  readonly log: Line[];
  readonly logText: string;
}

/** Starts the example as its reader would, after `build`, on a free port and with a file of the test's. */
export async function startExample(env: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "example-telemetry-"));
  const file = join(folder, "telemetry.jsonl");
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: "0", TELEMETRY_FILE: file, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  let logText = "";
  child.stderr.on("data", (data) => {
    logText += String(data);
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true });
  });
  const lines = createInterface({ input: child.stdout });
  const [first] = (await Promise.race([once(lines, "line"), ended])) as [unknown];
  const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(String(first)) ?? [];
  if (origin === undefined) throw new Error(`the example did not start: ${logText}`);
  return {
    origin,
    first: String(first),
    async stop(): Promise<Left> {
      child.kill("SIGTERM");
      const [code] = await ended;
      const telemetryText = await readFile(file, "utf8");
      return { code, telemetry: read(telemetryText), telemetryText, log: read(logText), logText };
    },
  };
}

const read = (text: string): Line[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
