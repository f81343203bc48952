import { defineConfig } from "tsup";

/** What programs import; package.json exports each. */
const entries = {
  index: "src/index.ts",
  node: "src/node/index.ts",
  testing: "src/testing/index.ts",
  openai: "src/openai/index.ts",
  mcp: "src/mcp/index.ts",
};

export default defineConfig({
  entry: { ...entries, cli: "src/cli/main.ts" },
  format: ["esm", "cjs"],
  // One copy of each module per format, whichever entries a program loads.
  splitting: true,
  dts: { entry: entries },
  sourcemap: true,
  clean: true,
  target: "node22",
});
