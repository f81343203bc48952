import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** An example that runs as its reader would run it, after `build`. */
export interface StartedExample {
  readonly origin: string;
  /** What it printed up to and with the line that holds its address, and since. */
  readonly printed: readonly string[];
  /** Resolves with the first line, printed or to come, that contains `text`. */
  line(text: string): Promise<string>;
}

/** Starts it on a free port. At the test's end it has to stop in good order, without a word on stderr. */
export async function startExample(env: Record<string, string>): Promise<StartedExample> {
  const child = spawn(process.execPath, [MAIN], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const complaints: string[] = [];
  child.stderr.on("data", (data) => complaints.push(String(data)));
  onTestFinished(async () => {
    child.kill("SIGTERM");
    expect([await ended, complaints.join("")]).toEqual([[0, null], ""]);
  });

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
  const [origin = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(await line("http://127.0.0.1:")) ?? [];
  return { origin, printed, line };
}
