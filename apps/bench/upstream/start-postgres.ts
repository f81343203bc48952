import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** Where Debian puts the programs of each version. */
const VERSIONS = "/usr/lib/postgresql";

/** A PostgreSQL of our own, as it is by default, reached through a socket in its folder. */
export interface StartedPostgres {
  pool(): pg.Pool;
  stop(): Promise<void>;
}

export const NO_POSTGRES = "PostgreSQL is not installed";

/** The folder of its programs; undefined where there are none. */
export function postgresPrograms(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(VERSIONS, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

/** Starts it in a temporary folder; root may not run it, so it is the user `postgres` there. */
export async function startPostgres(): Promise<StartedPostgres> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error(NO_POSTGRES);
  const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-postgres-"));
  const owner = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
  const [data, sockets] = [join(folder, "data"), join(folder, "sockets")];
  mkdirSync(sockets);
  chmodSync(folder, 0o755);
  if (owner.uid !== undefined) for (const place of [folder, sockets]) chownSync(place, owner.uid, owner.gid);
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8"], {
    ...owner,
    cwd: folder,
    stdio: "ignore",
  });
  const args = ["-D", data, "-k", sockets, "-c", "listen_addresses="];
  const server = spawn(join(programs, "postgres"), args, {
    ...owner,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await saidReady(server);
  const pools: pg.Pool[] = [];
  return {
    pool() {
      const pool = new pg.Pool({ host: sockets, user: "bench", database: "postgres", max: 10 });
      pools.push(pool);
      return pool;
    },
    async stop() {
      for (const pool of pools) await pool.end();
      const exit = once(server, "exit");
      server.kill("SIGINT");
      await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const idOf = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));

async function saidReady(server: ChildProcess): Promise<void> {
  let said = "";
  server.stderr?.setEncoding("utf8");
  for await (const text of server.stderr as AsyncIterable<string>) {
    said += text;
    if (!said.includes("ready to accept connections")) continue;
    break;
  }
  if (server.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${said}`);
}
