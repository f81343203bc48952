import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

/** A Redis of our own on this machine, empty, without persistence. */
export interface StartedRedis {
  readonly url: string;
  /** What it counts about itself, all sections, numbers where they are numbers. */
  info(): Promise<RedisInfo>;
  /** Bytes that it has allocated. */
  usedMemory(): Promise<number>;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export interface RedisInfo {
  /** CPU time of the whole process since it was started, microseconds. */
  cpuUs: number;
  /** Scripts that were run. */
  scripts: number;
  /** Scripts that failed. */
  failed: number;
  bytesIn: number;
  bytesOut: number;
}

const SCRIPTS = /^cmdstat_(?:evalsha|eval|fcall):(.*)$/gm;

export const NO_REDIS = "redis-server is not installed";

export const hasRedis = (): boolean => spawnSync("redis-server", ["--version"]).status === 0;

/** Starts it on a free port; it goes with `stop()`. */
export async function startRedis(): Promise<StartedRedis> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-redis-"));
  const port = await freePort();
  const settings = { port, bind: "127.0.0.1", dir: folder, save: "", appendonly: "no", loglevel: "warning" };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn("redis-server", args, { stdio: ["ignore", "ignore", "inherit"] });
  const watcher = new Redis({ port, host: "127.0.0.1", retryStrategy: () => (server.exitCode === null ? 20 : null) });
  // It is asked before it listens.
  watcher.on("error", () => {});
  await watcher.ping();
  return {
    url: `redis://127.0.0.1:${port}`,
    info: async () => readInfo(await watcher.info("all")),
    usedMemory: async () => Number(fieldOf(await watcher.info("memory"), "used_memory")),
    flush: async () => void (await watcher.flushall()),
    async stop() {
      watcher.disconnect();
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function readInfo(text: string): RedisInfo {
  const seconds = Number(fieldOf(text, "used_cpu_sys")) + Number(fieldOf(text, "used_cpu_user"));
  const ran = [...text.matchAll(SCRIPTS)].map(([, counts = ""]) => counts);
  const sum = (name: string) => ran.reduce((total, counts) => total + Number(fieldOf(counts, name, "=")), 0);
  return {
    cpuUs: seconds * 1e6,
    scripts: sum("calls"),
    failed: sum("failed_calls") + sum("rejected_calls"),
    bytesIn: Number(fieldOf(text, "total_net_input_bytes")),
    bytesOut: Number(fieldOf(text, "total_net_output_bytes")),
  };
}

function fieldOf(text: string, name: string, sign = ":"): string {
  const value = new RegExp(`(?:^|,)${name}${sign}([\\d.]+)`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`Redis tells no ${name}`);
  return value;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, "exit");
  server.kill("SIGTERM");
  await exit;
}
