import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

/** When, on what and with which versions the figures were taken. */
export function surroundings(command: string): string {
  const manifest = JSON.parse(readFileSync(fileURLToPath(new URL("../package.json", import.meta.url)), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const versions = Object.entries(manifest.dependencies).map(([name, version]) => `${name} ${version}`);
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg().map((value) => value.toFixed(2));
  return [
    `- Date: ${new Date().toISOString().slice(0, 10)}; command: \`${command}\``,
    `- Node ${process.version}, ${process.platform} ${process.arch}`,
    `- ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${memory} GiB; load at the start ${load.join(", ")}`,
    `- ${versions.join("; ")}`,
  ].join("\n");
}
