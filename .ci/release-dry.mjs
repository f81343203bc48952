// A release to a registry of its own on loopback, as far as a user's first program: pnpm release:dry
// Everything happens in a copy of the last commit; nothing leaves the machine and nothing in the checkout changes.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.mjs";
import { root } from "./package-entries.mjs";

/** What it asks for by a tag, `node-fetch@cjs`, not every registry has. */
const VERDACCIO = { private: true, dependencies: { verdaccio: "6.10.4" }, overrides: { "node-fetch": "2.7.0" } };
const work = mkdtempSync(join(tmpdir(), "signalbox-release-"));
const copy = join(work, "checkout");
/** @type {import("node:child_process").ChildProcess | undefined} */
let registry;

try {
  run("git", ["clone", "--quiet", root, copy], root);
  run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline", "--reporter=silent"], copy);
  run("pnpm", ["exec", "changeset", "version"], copy);
  const { version } = JSON.parse(readFileSync(join(copy, "packages/core/package.json"), "utf8"));
  console.log(`version ${version}`);
  run(process.execPath, [".ci/turbo.mjs", "run", "build", "--output-logs=errors-only"], copy);
  const url = await startRegistry();
  // Verdaccio asks nobody who they are; the publisher still wants something to say.
  writeFileSync(join(copy, ".npmrc"), `registry=${url}\n${url.replace("http:", "")}:_authToken=anybody\n`, {
    flag: "a",
  });
  run("pnpm", ["-r", "publish", "--no-git-checks", "--access", "public", "--registry", url], copy);
  const { status } = spawnSync(process.execPath, [".ci/consumers.mjs", "--registry", url, "--version", version], {
    cwd: copy,
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  registry?.kill();
  rmSync(work, { recursive: true, force: true });
}
console.log(process.exitCode === 0 ? "release: published and used" : "release: FAILED");

/** Our own packages are never looked for elsewhere; all others come from where npm gets them. */
async function startRegistry() {
  const folder = join(work, "registry");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify(VERDACCIO));
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], folder);
  const upstream = run("npm", ["config", "get", "registry"], work).trim();
  const everybody = { access: "$all", publish: "$all", unpublish: "$all" };
  const config = {
    storage: join(folder, "storage"),
    uplinks: { npm: { url: upstream, maxage: "60m" } },
    packages: { "@signalbox/*": everybody, "**": { access: "$all", proxy: "npm" } },
    log: { type: "stdout", level: "error" },
    max_body_size: "50mb",
  };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  registry = spawn("node_modules/.bin/verdaccio", ["--config", "config.yaml", "--listen", `127.0.0.1:${port}`], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
  while (registry.exitCode === null) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return url;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the registry did not start");
}

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  console.log(`> ${command} ${args.join(" ")}`.replaceAll(work, "…").replaceAll(root, "."));
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${error ?? ""}\n${stdout}${stderr}`);
  return stdout;
}
