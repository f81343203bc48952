import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.js";

/** Where Debian keeps the programs of each version; the newest counts. */
const VERSIONS = "/usr/lib/postgresql";
const BIN = newestBin();

/** PostgreSQL is installed, with a user that may run it. */
export const hasPostgres: boolean = BIN !== undefined && (!isRoot() || ownerIds() !== undefined);

export interface PostgresServer {
  port: number;
  /** Of its database, for any client. */
  url: string;
  /** Ends it at once, its data kept; `start()` brings it back. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** A PostgreSQL of our own on 127.0.0.1, in a new folder, that lets in whoever is on this machine. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = BIN;
  if (bin === undefined) throw new Error("PostgreSQL is not installed");
  const folder = mkdtempSync(join(tmpdir(), "signalbox-postgres-"));
  const owner = isRoot() ? ownerIds() : undefined;
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const port = await freePort();
  const settings = ["-D", data, "-A", "trust", "-U", "signalbox", "-E", "UTF8", "--locale=C", "--no-sync"];
  const made = spawnSync(join(bin, "initdb"), settings, { cwd: folder, ...owner, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const options = ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", folder];
  const quick = ["fsync=off", "max_connections=50", "shared_buffers=16MB"].flatMap((setting) => ["-c", setting]);
  let server: ReturnType<typeof spawn> | undefined;

  const end = async (signal: NodeJS.Signals) => {
    const running = server;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    running.kill(signal);
    await once(running, "exit");
  };
  const start = async () => {
    const started = spawn(join(bin, "postgres"), [...options, ...quick], {
      cwd: folder,
      ...owner,
      stdio: ["ignore", "ignore", "pipe"],
    });
    server = started;
    await ready(started);
  };
  const stop = async () => {
    // Gently first: a client that is just leaving would be told of the shutdown.
    const late = setTimeout(() => void end("SIGINT"), 2_000);
    await end("SIGTERM");
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  };
  await start();
  return { port, url: `postgres://signalbox@127.0.0.1:${port}/postgres`, kill: () => end("SIGQUIT"), start, stop };
}

/** Its log says when it takes connections. */
async function ready(server: ReturnType<typeof spawn>): Promise<void> {
  let log = "";
  server.stderr?.setEncoding("utf8");
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on("data", (text: string) => {
      log += text;
      if (log.includes("ready to accept connections")) resolve();
    });
    server.once("exit", () => reject(new Error(`PostgreSQL ended: ${log}`)));
    server.once("error", reject);
  });
}

function newestBin(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  const versions = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(VERSIONS, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Root may not run it: Debian's package brings a user that may. */
function ownerIds(): { uid: number; gid: number } | undefined {
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, "postgres"], { encoding: "utf8" }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
