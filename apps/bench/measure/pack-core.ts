import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const CORE = fileURLToPath(new URL("../../../packages/core/", import.meta.url));
// Below the bench's own dependencies, so that core finds its peer zod; ignored by every tool.
const PACKED = fileURLToPath(new URL("../node_modules/.packed/", import.meta.url));

export interface PackedCore {
  /** Folder of the unpacked package. */
  folder: string;
  /** File URL of its ESM entry. */
  entry: string;
  remove(): void;
}

/** Packs core as it would be published and unpacks it: a build that goes on meanwhile changes nothing that is measured. */
export function packCore(): PackedCore {
  if (!existsSync(join(CORE, "dist", "index.js"))) throw new Error("packages/core is not built: run `pnpm bench`");
  const into = join(PACKED, String(process.pid));
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  execFileSync("pnpm", ["pack", "--pack-destination", into], { cwd: CORE, stdio: "ignore" });
  const tarball = readdirSync(into).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("pnpm pack made no tarball");
  execFileSync("tar", ["-xzf", tarball], { cwd: into });
  const folder = join(into, "package");
  return {
    folder,
    entry: pathToFileURL(join(folder, "dist", "index.js")).href,
    remove: () => rmSync(into, { recursive: true, force: true }),
  };
}
