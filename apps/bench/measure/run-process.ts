import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Upstream } from "../upstream/start-upstream.ts";
import type { Assignment, Outcome } from "./process.ts";

const MAIN = fileURLToPath(new URL("./process.ts", import.meta.url));
const BENCH = fileURLToPath(new URL("../", import.meta.url));
/** Nothing of the shell reaches a peer: no proxy, no key, no switch. */
const ENV = { PATH: process.env.PATH };

/** One measurement: a fresh process that warms up, measures and ends. Fails after `timeoutMs`. */
export function runProcess(
  assignment: Assignment,
  nodeFlags: readonly string[],
  upstream: Upstream,
  timeoutMs: number,
): Promise<Exclude<Outcome, "release">> {
  const { promise, resolve } = Promise.withResolvers<Exclude<Outcome, "release">>();
  const child = fork(MAIN, [JSON.stringify(assignment)], {
    cwd: BENCH,
    env: ENV,
    execArgv: [...nodeFlags],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let complaint = "";
  let outcome: Exclude<Outcome, "release"> | undefined;
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2_000);
  });
  const timer = setTimeout(() => {
    outcome = { failed: `over ${timeoutMs / 1_000} s` };
    child.kill("SIGKILL");
  }, timeoutMs);
  child.on("message", (message: Outcome) => {
    if (message === "release") return upstream.release();
    outcome = message;
    // Whatever a peer keeps open, the next measurement has the machine to itself.
    child.kill("SIGKILL");
  });
  child.on("exit", (code, signal) => {
    clearTimeout(timer);
    resolve(outcome ?? { failed: `ended with ${signal ?? code}: ${complaint.trim()}` });
  });
  return promise;
}
