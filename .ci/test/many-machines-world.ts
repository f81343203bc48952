import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PostgresServer } from "../../packages/core/test/postgres-server.js";
import { type PageProgram, programsOf } from "./readme-examples.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

export const PAGE = "docs/many-machines.md";

/** The instructions of the page, in order, each with the output that it shows. */
export const instructions = (): PageProgram[] => programsOf(PAGE).filter(({ language }) => language === "sh");

/** What the instructions need beyond this repository. */
export const hasPrograms = ["redis-server", "redis-cli", "nginx", "curl", "psql", "createdb"].every(
  (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0,
);

/** Between what two instructions print. */
const END = "\u0004 end of the instruction";

/**
 * Follows instructions in one shell, as a reader would, in an empty folder from which the built apps are to be seen;
 * what each of them prints. Ports are free ones instead of those that the page names; `sudo` does for root what a test
 * may do: run as whoever owns the database, put the site of nginx aside and start an nginx with it.
 */
export async function follow(steps: readonly PageProgram[], postgres: PostgresServer): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-many-machines-"));
  const [redis, web1, web2, nginx] = await freePorts(4);
  const ports = { 6379: redis, 5432: postgres.port, 3001: web1, 3002: web2, 8080: nginx };
  const user = decodeURIComponent(new URL(postgres.url).username);
  mkdirSync(join(folder, "sites"));
  symlinkSync(join(root, "apps"), join(folder, "apps"));
  writeFileSync(join(folder, "nginx.conf"), nginxSettings(folder));
  const prelude = `set -e
export PGHOST=127.0.0.1 PGPORT=${postgres.port}
redis-server() { command redis-server "$@" --port ${redis} --bind 127.0.0.1 --dir "$PWD" --logfile redis.log; }
redis-cli() { command redis-cli -p ${redis} "$@"; }
sudo() {
  case "$1" in
    -u) shift 2; PGUSER=${user} PGDATABASE=postgres "$@" ;;
    cp) cp "$2" sites/ ;;
    systemctl) nginx -p "$PWD" -c "$PWD/nginx.conf" ;;
  esac
}
trap 'kill $(jobs -p) $(cat nginx.pid) 2>> cleanup.log || true; command redis-cli -p ${redis} shutdown nosave 2>> cleanup.log || true' EXIT
`;
  const script = steps.map(({ code }) => `${withPorts(code, ports)}\nprintf '%s' '${END}'\n`).join("");
  const shell = spawn("bash", ["-c", prelude + script], {
    cwd: folder,
    env: { PATH: `${process.env.PATH}:/usr/sbin`, HOME: folder, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let complaints = "";
  shell.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  shell.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const [status] = await once(shell, "close");
  rmSync(folder, { recursive: true, force: true });
  const outputs = printed.split(END);
  const last = outputs.pop();
  if (status === 0 && last === "") return outputs;
  throw new Error(`line ${steps[outputs.length]?.line} of ${PAGE} failed (${status}): ${last}${complaints}`);
}

/** Debian's, as far as a site needs them, in a folder of its own. */
function nginxSettings(folder: string): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `pid ${folder}/nginx.pid; error_log ${folder}/nginx-error.log; events {}
    http { access_log off; ${places.join(" ")} include ${folder}/sites/*.conf; }`;
}

const withPorts = (code: string, ports: Record<string, number | undefined>) =>
  code.replace(/(?<=\b(?:127\.0\.0\.1:|PORT=))\d{4}\b|(?<=\bfor port in )[\d ]+/g, (found) =>
    found.replace(/\d{4}/g, (port) => String(ports[port] ?? port)),
  );

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
