import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";

export interface StartedProcess {
  readonly child: ChildProcess;
  /** What it printed when it was ready. */
  readonly greeting: string;
  /** Where it listens; empty for a worker. */
  readonly origin: string;
}

/** Starts a process of the example as its reader would, after `build`. At the test's end it has to stop in good order. */
export async function startProcess(name: "main" | "worker", env: Record<string, string>): Promise<StartedProcess> {
  const { child, ended, complaints } = spawned(name, env);
  onTestFinished(async () => {
    if (child.signalCode === "SIGKILL") return;
    child.kill("SIGTERM");
    expect([await ended, complaints.join("")]).toEqual([[0, null], ""]);
  });
  const [greeting] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
  if (typeof greeting !== "string") throw new Error(`it ended: ${complaints.join("")}`);
  const [origin = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(greeting) ?? [];
  return { child, greeting, origin };
}

/** Starts it where it cannot run: its exit code and what it says. */
export async function refusal(name: "main" | "worker", env: Record<string, string>): Promise<[unknown, string]> {
  const { ended, complaints } = spawned(name, env);
  const [code] = await ended;
  return [code, complaints.join("")];
}

function spawned(name: string, env: Record<string, string>) {
  const program = fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [program], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const complaints: string[] = [];
  child.stderr.on("data", (data) => complaints.push(String(data)));
  return { child, ended: once(child, "close"), complaints };
}
