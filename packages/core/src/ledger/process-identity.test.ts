import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test } from "vitest";
import { isGone, thisProcess } from "./process-identity.js";

const STALE = 1_000;
const gone = (process: string, ageMs = 0) => isGone({ process, startedAt: 5_000 - ageMs }, 5_000, STALE);
const token = thisProcess().split(":").at(-1) ?? "";

/** A process of ours that does nothing until it is killed. */
async function sleeper() {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume(); console.log('up')"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

describe("a process", () => {
  test("has one name, with its host and its number", () => {
    expect(thisProcess()).toBe(thisProcess());
    expect(thisProcess().startsWith(`${hostname()}:${process.pid}:`)).toBe(true);
  });

  test("is itself never gone, however long its requests take", () => {
    expect(gone(thisProcess(), 1e9)).toBe(false);
  });

  test("of another host is gone when what it began is old", () => {
    expect([gone("elsewhere:1:00", STALE), gone("elsewhere:1:00", STALE + 1)]).toEqual([false, true]);
    expect([gone("no name", 0), gone("no name", STALE + 1)]).toEqual([false, true]);
  });

  test("of this host with a name of unknown making is judged by age", () => {
    expect([gone(`${hostname()}:1:ffff`), gone(`${hostname()}:1:ffff`, STALE + 1)]).toEqual([false, true]);
  });
});

// Only Linux tells when a process began.
describe.skipIf(process.platform !== "linux")("on Linux, a process of this machine", () => {
  const nameOf = (pid: number, start = "1") => `${hostname()}:${pid}:${token.split("-")[0]}-${start}`;

  test("that ended is gone at once", async () => {
    const child = await sleeper();
    const asked = `console.log((await import("node:fs")).readFileSync("/proc/${child.pid}/stat", "utf8").split(") ")[1].split(" ")[19])`;
    const reader = spawn(process.execPath, ["--input-type=module", "-e", asked]);
    const [start] = (await once(reader.stdout.setEncoding("utf8"), "data")) as [string];
    const name = nameOf(child.pid ?? 0, start.trim());
    expect(gone(name, 1e9)).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(gone(name)).toBe(true);
  });

  test("whose number another has now is gone", async () => {
    const child = await sleeper();
    expect(gone(nameOf(child.pid ?? 0))).toBe(true);
    expect(gone(nameOf(process.pid))).toBe(true);
  });

  test("has the same start in all its threads", async () => {
    const program = `const stat = require("node:fs").readFileSync("/proc/" + process.pid + "/stat", "utf8");
      require("node:worker_threads").parentPort.postMessage(stat.split(") ")[1].split(" ")[19])`;
    const worker = new Worker(program, { eval: true });
    const [start] = (await once(worker, "message")) as [string];
    expect(token.endsWith(`-${start}`)).toBe(true);
  });
});
