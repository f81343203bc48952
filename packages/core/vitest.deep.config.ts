import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { sourceAliases } from "../../.ci/source-aliases.js";
import { RightAndWrong } from "./test/deep/right-and-wrong.js";

/** Everything recorded, and everything that can go wrong with it: minutes, not seconds, so no part of `npm test`. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: sourceAliases() },
  test: {
    name: "deep",
    include: ["test/deep/**/*.deep.ts"],
    setupFiles: [fileURLToPath(new URL("../../.ci/vitest-setup.ts", import.meta.url))],
    expect: { requireAssertions: true },
    testTimeout: 600_000,
    reporters: ["default", new RightAndWrong()],
  },
});
