#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { nodeTooOld } from "../client/node-version.js";

const interruption = new AbortController();
process.once("SIGINT", () => interruption.abort());
// A reader that left (`signalbox models | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

// Beside the built file lies the package.
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const simulator = "@signalbox/testing";

async function main(): Promise<number> {
  const mistake = nodeTooOld();
  if (mistake !== undefined) {
    console.error(mistake);
    return 1;
  }
  // Not before: an old Node may fail on the very names that this imports.
  const { runCommand } = await import("./run-command.js");
  return runCommand(process.argv.slice(2), version, {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interruption.signal,
    // An optional peer: its types may not be there either.
    loadSimulator: () => import(simulator),
    loadPostgres: async () => createRequire(join(process.cwd(), "package.json"))("pg"),
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
