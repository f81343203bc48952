#!/usr/bin/env node
import { runSimulatorCommand } from "./simulator-command.js";

runSimulatorCommand(process.argv.slice(2), console.log).then(
  (simulator) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void simulator?.close());
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
