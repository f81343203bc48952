// The first example of each package's README, as installed, run as a program of its own against a simulator.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.mjs";

/** What shows that a program works: the last line it prints, or that it answers a chat. */
const programs = [
  { name: "core", proof: /./ },
  { name: "testing", proof: /finished$/ },
  { name: "express", proof: "chat" },
  { name: "nestjs", proof: "chat" },
];

/**
 * @param {string} folder an installed project
 * @param {string} title
 * @param {(title: string, failure: string) => void} report
 */
export async function checkReadmes(folder, title, report) {
  for (const { name, proof } of programs) {
    const readme = readFileSync(join(folder, "node_modules", "@signalbox", name, "README.md"), "utf8");
    const [, language, code] = /^```(js|ts)\n(.*?)^```$/ms.exec(readme) ?? [];
    const source = join(folder, `readme-${name}.${language === "ts" ? "mts" : "mjs"}`);
    writeFileSync(source, code ?? "throw new Error('there is no example')");
    const mistakes = language === "ts" ? compile(folder, source) : "";
    report(`${title}: README of ${name}`, mistakes || (await failureOf(folder, `readme-${name}.mjs`, proof)));
  }
}

/** @param {string} folder @param {string} source */
function compile(folder, source) {
  const tsc = join(folder, "node_modules", "typescript", "bin", "tsc");
  const options = ["--module", "node20", "--target", "es2023", "--lib", "es2023,esnext.disposable", "--types", "node"];
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, ...options, "--strict", "--experimentalDecorators", "--ignoreConfig", source],
    { cwd: folder, encoding: "utf8" },
  );
  return status === 0 ? "" : stdout;
}

const SIMULATOR = `import { startSimulator } from "@signalbox/testing";
console.log((await startSimulator({ seed: 1 })).baseURL);`;

/** @param {string} folder @param {string} program @param {RegExp | string} proof @returns {Promise<string>} empty where it works */
async function failureOf(folder, program, proof) {
  const simulator = spawn(process.execPath, ["--input-type=module", "-e", SIMULATOR], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(simulator, "exit").then(([status]) => {
    throw new Error(`the simulator ended with ${status}`);
  });
  const [line] = await Promise.race([once(simulator.stdout.setEncoding("utf8"), "data"), ended]);
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    OPENROUTER_API_KEY: "sk-or-v1-readme",
    OPENROUTER_BASE_URL: String(line).trim(),
    OPENROUTER_MODEL: "openai/gpt-4o-mini",
  };
  try {
    if (typeof proof !== "string") {
      const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
        ...{ cwd: folder, env, encoding: "utf8", timeout: 60_000 },
      });
      return status === 0 && proof.test(String(stdout).trim()) ? "" : `status ${status}\n${stdout}${stderr}`;
    }
    const server = spawn(process.execPath, [program], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
    try {
      return await chat(server, `http://127.0.0.1:${port}/chat`);
    } finally {
      server.kill();
    }
  } finally {
    simulator.kill();
  }
}

/** @param {import("node:child_process").ChildProcess} server @param {string} url */
async function chat(server, url) {
  const deadline = Date.now() + 60_000;
  while (server.exitCode === null && Date.now() < deadline) {
    const asked = fetch(url, {
      signal: AbortSignal.timeout(30_000),
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ prompt: "Signals and boxes", stream: true }),
    });
    const answer = await asked.catch(() => undefined);
    const text = await answer?.text().catch(String);
    if (text?.trimEnd().endsWith("data: [DONE]")) return "";
    if (text !== undefined) return `${answer?.status}: ${text.slice(0, 500)}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return server.exitCode === null ? "it answers nothing" : `it ended with ${server.exitCode}`;
}
