import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll } from "vitest";
import { freePort } from "../../core/test/free-port.js";

/** Tests that need a real Redis stand in `describe.skipIf(!hasRedis)`: without the program they are counted as skipped. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

export interface RedisServerOptions {
  /** Writes everything to disk before it is answered, so that `up()` and `restart()` find it again. @default false */
  persist?: boolean;
  /** Further arguments of redis-server. */
  args?: string[];
}

/** A real redis-server on a free port of 127.0.0.1, with a temporary folder. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #options: RedisServerOptions;
  #child: ChildProcess | undefined;

  constructor(port: number, options: RedisServerOptions) {
    this.port = port;
    this.#options = options;
    this.#folder = mkdtempSync(join(tmpdir(), "signalbox-redis-"));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, on the same port as ever; resolves once it takes connections. */
  async up(): Promise<void> {
    const { persist = false, args = [] } = this.#options;
    const kept = persist ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
    const child = spawn(
      "redis-server",
      [
        ...["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#folder, "--save", "", "--logfile", ""],
        ...kept,
        ...args,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    this.#child = child;
    const end = () => child.kill("SIGKILL");
    process.once("exit", end);
    child.once("exit", () => process.off("exit", end));
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      if (line.includes("Ready to accept connections")) {
        // What nobody reads fills the pipe and stops the server.
        child.stdout?.resume();
        return;
      }
      said.push(line);
    }
    throw new Error(`redis-server did not start:\n${said.join("\n")}`);
  }

  /** Stops it as a deploy does; data stays only where it is persisted. */
  async down(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** As a crash. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async restart(): Promise<void> {
    await this.down();
    await this.up();
  }

  /** It stands still: connections stay open, nothing is answered. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Ends it for good and removes its folder. */
  async stop(): Promise<void> {
    await this.#end("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    child.kill("SIGCONT");
    await exit;
  }
}

/** A redis-server that runs. Whoever starts it stops it. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = new RedisServer(await freePort(), options);
  try {
    await server.up();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** One server for all tests of the file or of the `describe` that it is called in; nothing where there is no Redis. */
export function redisForTests(options: RedisServerOptions = {}): () => RedisServer {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    if (hasRedis) server = await startRedis(options);
  });
  afterAll(async () => {
    await server?.stop();
  });
  return () => {
    if (server === undefined) throw new Error("the server has not been started");
    return server;
  };
}
