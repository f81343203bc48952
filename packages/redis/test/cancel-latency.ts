// How long it takes until a run's upstream is closed that one process executes and another one stops: two web processes,
// a Redis and a simulated model of its own, all on this machine. Ends with 1 above the bound.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startSimulator } from "@signalbox/testing";
import type { StepsProgram } from "./steps-program.js";

const RUNS = Number(process.argv[2] ?? 200);
const AT_ONCE = 4;
const BOUND_MS = 500;

const children: ChildProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), "signalbox-cancel-"));

function start(command: string, args: string[]): AsyncIterator<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

async function startRedis(): Promise<string> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  const where = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"];
  const lines = start("redis-server", where);
  for (let line = await lines.next(); !line.value?.includes("Ready to accept"); line = await lines.next()) {
    if (line.done) throw new Error("redis-server did not start");
  }
  return `redis://127.0.0.1:${port}`;
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function startProcess(program: StepsProgram): Promise<string> {
  const flags = ["--experimental-transform-types", "--disable-warning=ExperimentalWarning"];
  const sources = ["--import", file("../../../.ci/run-sources.mjs")];
  const lines = start(process.execPath, [...flags, ...sources, file("steps-program.ts"), JSON.stringify(program)]);
  return `http://127.0.0.1:${(await lines.next()).value}/decks`;
}

/** Milliseconds until upstream was closed, and until whoever stopped the run was told that it has ended. */
async function measureOne(simulator: Awaited<ReturnType<typeof startSimulator>>, a: string, b: string, number: number) {
  const topic = `topic ${number};`;
  const headers = { "content-type": "application/json" };
  const begun = await fetch(`${a}?follow=0`, { method: "POST", headers, body: JSON.stringify({ topic }) });
  const { runId } = (await begun.json()) as { runId: string };
  const request = await simulator.waitFor(({ prompt }) => prompt.endsWith(topic));
  const from = performance.now();
  const closed = request.closed.then(({ state }) => {
    if (state !== "closed-by-client") throw new Error(`upstream of run ${number} ended as ${state}`);
    return performance.now() - from;
  });
  const stopped = await fetch(`${b}/${runId}`, { method: "DELETE" });
  const answered = performance.now() - from;
  if (stopped.status !== 204) throw new Error(`run ${number} was stopped with ${stopped.status}`);
  return { closed: await closed, answered };
}

function told(name: string, times: number[]): number {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  console.log(
    `${name}: median ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, longest ${at(1).toFixed(1)} ms (${sorted.length} runs, ${AT_ONCE} at once)`,
  );
  return at(0.99);
}

try {
  const simulator = await startSimulator({ seed: 1 });
  simulator.fault("stall-before-headers", { times: Number.POSITIVE_INFINITY });
  const common = { url: await startRedis(), prefix: "cancel", baseURL: simulator.baseURL };
  const [a = "", b = ""] = await Promise.all([
    startProcess({ ...common, client: "ioredis" }),
    startProcess({ ...common, client: "node-redis" }),
  ]);
  // What only the first calls of a process cost is not what is asked about.
  for (let number = 0; number < 5; number++) await measureOne(simulator, a, b, -number);
  const times: { closed: number; answered: number }[] = [];
  let begun = 0;
  const worker = async () => {
    while (begun < RUNS) times.push(await measureOne(simulator, a, b, ++begun));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const p99 = told(
    "upstream closed after",
    times.map(({ closed }) => closed),
  );
  told(
    "DELETE answered after",
    times.map(({ answered }) => answered),
  );
  await simulator.close();
  console.log(p99 <= BOUND_MS ? `within ${BOUND_MS} ms` : `above ${BOUND_MS} ms`);
  process.exitCode = p99 <= BOUND_MS ? 0 : 1;
} finally {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
