import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const core = fileURLToPath(new URL("../../packages/core/", import.meta.url));

/** The built command, as a shell starts it, in a folder without `.env`. */
function start(...args: string[]) {
  const env = { PATH: process.env.PATH };
  return spawn(process.execPath, [`${core}dist/cli.js`, ...args], { cwd: `${core}dist`, env });
}

async function run(...args: string[]) {
  const child = start(...args);
  child.stdin.end();
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, stdout, stderr };
}

describe("the built signalbox command", () => {
  test("knows its version", async () => {
    const { version } = JSON.parse(readFileSync(`${core}package.json`, "utf8"));
    expect(await run("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("S41 doctor finds the simulator and passes; without a key it fails", async () => {
    const simulated = await run("doctor", "--simulate");
    expect(simulated).toMatchObject({ code: 0, stderr: "" });
    expect(simulated.stdout).toContain("6 passed, 0 failed, 0 skipped");
    const bare = await run("doctor");
    expect(bare.code).toBe(1);
    expect(bare.stdout).toContain("OpenRouter API Key is not set");
  });

  test("a reader that leaves early is no failure", async () => {
    const child = start("models", "--offline", "--json");
    child.stdout.once("data", () => child.stdout.destroy());
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    expect([code, complaint]).toEqual([0, ""]);
  });
});
