// Runs turbo without its telemetry, whatever the shell: npm scripts cannot set a variable on every system.
import { spawnSync } from "node:child_process";

const { status, error } = spawnSync("turbo", process.argv.slice(2), {
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
});
if (error) console.error(error.message);
process.exitCode = status ?? 1;
