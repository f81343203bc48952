import { fileURLToPath } from "node:url";
import { defineProject, type UserWorkspaceConfig } from "vitest/config";
import { sourceAliases } from "./source-aliases.js";

interface ProjectOptions {
  name: string;
  /** Globs of further test files, relative to the project's folder. */
  include?: string[];
  /** Packages that resolve from the project's own node_modules, wherever the importing file lies. */
  dedupe?: string[];
  env?: Record<string, string>;
}

/** What every Vitest project of this repository has in common. */
export function project({ name, include = [], dedupe = [], env = {} }: ProjectOptions): UserWorkspaceConfig {
  return defineProject({
    resolve: { alias: sourceAliases(), dedupe },
    test: {
      name,
      include: ["src/**/*.test.ts", "test/**/*.test.ts", ...include],
      setupFiles: [fileURLToPath(new URL("./vitest-setup.ts", import.meta.url))],
      env,
      expect: { requireAssertions: true },
    },
  });
}
