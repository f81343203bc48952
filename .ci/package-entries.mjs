import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

/**
 * The published packages with what their package.json says.
 * @returns {{ folder: string, name: string, manifest: { name: string, version: string, exports: Record<string, any> } }[]}
 */
export function publishedPackages() {
  return readdirSync(join(root, "packages"))
    .sort()
    .map((name) => {
      const folder = join(root, "packages", name);
      return { folder, name, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) };
    })
    .filter(({ manifest }) => !manifest.private);
}

/** The code entries of all packages: `core-index`, `core-node`, … with the specifier and the built declaration file. */
export function packageEntries() {
  return publishedPackages().flatMap(({ folder, name, manifest }) =>
    Object.entries(manifest.exports)
      .filter(([entry]) => entry !== "./package.json")
      .map(([entry, conditions]) => ({
        id: `${name}-${entry === "." ? "index" : entry.slice(2).replaceAll("/", "-")}`,
        specifier: join(manifest.name, entry),
        declarations: join(folder, conditions.import.types),
        mainDeclarations: entry === "." ? undefined : join(folder, manifest.exports["."].import.types),
      })),
  );
}
