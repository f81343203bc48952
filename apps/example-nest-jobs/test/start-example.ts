import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** A process of the example as its reader would run it, after `build`. */
export interface StartedExample {
  /** Resolves with the first line, printed or to come, that contains `text`. */
  line(text: string): Promise<string>;
  /** Has it end in good order: exit code 0, without a word on stderr. */
  stop(): Promise<void>;
}

export function startExample(role: "web" | "worker", env: Record<string, string>): StartedExample {
  const child = spawn(process.execPath, [MAIN, role], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const complaints: string[] = [];
  child.stderr.on("data", (data) => complaints.push(String(data)));
  const stop = async () => {
    child.kill("SIGTERM");
    expect([await ended, complaints.join("")]).toEqual([[0, null], ""]);
  };
  onTestFinished(stop);

  const printed: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => printed.push(line));
  const line = async (text: string) => {
    for (;;) {
      const found = printed.find((each) => each.includes(text));
      if (found !== undefined) return found;
      const [more] = await Promise.race([once(lines, "line"), ended]);
      if (typeof more !== "string") throw new Error(`the example ended: ${complaints.join("")}`);
    }
  };
  return { line, stop };
}

/** What a process prints that does not come to run, and its exit code. */
export async function failedStart(args: string[], env: Record<string, string>): Promise<[unknown, string]> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } });
  const complaints: string[] = [];
  child.stderr.on("data", (data) => complaints.push(String(data)));
  const [code] = await once(child, "close");
  return [code, complaints.join("")];
}
