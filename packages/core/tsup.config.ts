import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    node: "src/node/index.ts",
    testing: "src/testing/index.ts",
    openai: "src/openai/index.ts",
  },
  format: ["esm", "cjs"],
  // One copy of each module per format, whichever entries a program loads.
  splitting: true,
  dts: true,
  sourcemap: true,
  clean: true,
  target: "node22",
});
