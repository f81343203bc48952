import { join } from "node:path";
import { defineConfig, mergeConfig } from "vitest/config";
import { SABOTAGES } from "./sabotage-rules.mjs";
import { sabotaged } from "./sabotage-source.mjs";
import { project } from "./vitest-project.js";

const root = join(import.meta.dirname, "..", "packages", "core");

/** Core's tests, with the line of the rule that `--mode` names replaced as its file is loaded; the file stays as it is. */
export default defineConfig(({ mode }) => {
  const chosen = SABOTAGES.find(({ rule }) => rule === mode);
  return mergeConfig(project({ name: "core" }), {
    root,
    plugins: [
      {
        name: "sabotage",
        enforce: "pre" as const,
        transform(source: string, id: string) {
          if (chosen === undefined || id.split("?")[0] !== join(root, chosen.file)) return undefined;
          return { code: sabotaged(source, chosen), map: null };
        },
      },
    ],
  });
});
