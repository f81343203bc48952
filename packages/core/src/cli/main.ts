#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { runCommand } from "./run-command.js";

const interruption = new AbortController();
process.once("SIGINT", () => interruption.abort());
// A reader that left (`signalbox models | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

// Beside the built file lies the package.
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const simulator = "@signalbox/testing";

runCommand(process.argv.slice(2), version, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
  // An optional peer: its types may not be there either.
  loadSimulator: () => import(simulator),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
