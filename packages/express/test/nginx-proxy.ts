import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { freePort } from "../../core/test/free-port.js";

const PAGE = new URL("../../../docs/deploy.md", import.meta.url);

export const hasNginx = spawnSync("nginx", ["-v"]).status === 0;

/** The nginx of docs/deploy.md in front of `port`, for the length of the test: where it listens. */
export async function nginxBefore(port: number, readTimeout: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-nginx-"));
  const own = await freePort();
  const servers = documented()
    .replace("127.0.0.1:3000", `127.0.0.1:${port}`)
    .replace("listen 80;", `listen 127.0.0.1:${own};`)
    .replace("proxy_read_timeout 60s;", `proxy_read_timeout ${readTimeout};`);
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
    http { access_log off; ${places.join(" ")} ${servers} }`,
  );
  const nginx = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: "ignore" });
  onTestFinished(async () => {
    if (nginx.exitCode === null) {
      nginx.kill("SIGTERM");
      await once(nginx, "exit");
    }
    rmSync(folder, { recursive: true });
  });
  await listening(own, nginx, folder);
  return `http://127.0.0.1:${own}`;
}

function documented(): string {
  const block = /```nginx\n([\s\S]*?)```/.exec(readFileSync(PAGE, "utf8"))?.[1];
  if (block === undefined) throw new Error("the page has no configuration");
  return block;
}

async function listening(port: number, nginx: ChildProcess, folder: string): Promise<void> {
  for (;;) {
    if (nginx.exitCode !== null) throw new Error(readFileSync(join(folder, "error.log"), "utf8"));
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    // nginx tells nobody that it listens.
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
